# cat: responses | needs: plain
"""The function acts for any application; `current(Flask[Money])` is the one that knows Money."""
from typedflask import Flask, Response, current, make_response


class Money:
    def __init__(self, cents: int) -> None:
        self.cents = cents


class Prices:
    def to_response(self, value: Money) -> Response:
        return Response(str(value.cents))


app = Flask(__name__, converter=Prices())


@app.get("/")
def index() -> Response:
    return make_response(Money(3))  # E: current(Flask[Money]).make_response


@app.get("/known")
def known() -> Response:
    return current(Flask[Money]).make_response(Money(3))
