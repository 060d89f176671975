# cat: view-return | needs: plain
from typedflask import Flask, Response, Rule
from typing_extensions import TypeIs


def is_complex(value: object) -> TypeIs[complex]:
    return isinstance(value, complex)


def convert(value: complex, kit: object) -> Response:
    return Response(str(value))


app = Flask(__name__).with_rule(Rule("a number", is_complex, convert))


@app.get("/")  # E: the rule is for numbers
def index() -> set[str]:  # E:
    return {"a"}
