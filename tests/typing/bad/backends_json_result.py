# cat: backend | needs: plain
from typedflask import Flask


class Bytes:
    def dumps(self, value: object) -> bytes:
        return b""

    def loads(self, text: str | bytes) -> object:
        return text


app = Flask(__name__, json=Bytes())  # E: dumps gives text
