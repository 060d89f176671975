# cat: backend | needs: plain
from collections.abc import Sequence

from typedflask import Flask


class Engine:
    def find(self, names: str | Sequence[str]) -> str:
        return "x"

    def from_source(self, source: str) -> str:
        return source

    def attribute(self, template_name: str, attribute: str) -> object:
        return None


app = Flask(__name__)
app.templates = Engine()  # E: templates, not text
