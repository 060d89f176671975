# cat: backend | needs: plain
from typedflask import Flask


class Words:
    def dumps(self, value: object) -> str:
        return ""

    def loads(self, text: str | bytes) -> object:
        return text


class App(Flask):
    json_provider_class = Words  # E: a JSONProvider
