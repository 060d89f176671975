# cat: backend | needs: plain
from typedflask import Flask


class Engine:
    def render(self, name: str) -> str:
        return name


app = Flask(__name__, templates=Engine())  # E: find, from_source, attribute
