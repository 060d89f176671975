# cat: backend | needs: plain
from typedflask import Flask


class Converter:
    def to_response(self, value: complex) -> str:
        return str(value)


app = Flask(__name__, converter=Converter())  # E: gives a response
