# cat: backend | needs: plain
from typedflask import Flask, Response


class Converter:
    def to_reponse(self, value: complex) -> Response:
        return Response(str(value))


app = Flask(__name__, converter=Converter())  # E: to_response
