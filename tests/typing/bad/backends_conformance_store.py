# cat: backend | needs: plain
"""The tests of stores are for stores."""
from typedflask.json.orjson import OrjsonJSON
from typedflask.testing.conformance.stores import StoreConformance


class TestOrjson(StoreConformance):
    def make_store(self) -> type[OrjsonJSON]:  # E: a store
        return OrjsonJSON
