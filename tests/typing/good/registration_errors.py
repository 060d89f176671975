"""Error handlers take the class, or the class of the status, they are registered for."""
from http import HTTPStatus
from typing import assert_type

from typedflask import Blueprint, Flask, Response
from typedflask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, NotFound

app = Flask(__name__)
bp = Blueprint("bp", __name__)


class OutOfStock(Exception):
    sku = "x"


class Unpaid(Exception):
    amount = 3


class Problem(Exception):
    number = 1


class FirstProblem(Problem):
    pass


class SecondProblem(Problem):
    pass


@app.errorhandler(OutOfStock)
def out_of_stock(error: OutOfStock) -> tuple[str, int]:
    return error.sku, 409


@app.errorhandler(OutOfStock)
@bp.app_errorhandler(Unpaid)
def either(error: OutOfStock | Unpaid) -> str:
    return str(error)


@app.errorhandler(404)
def missing(error: NotFound) -> tuple[str, int]:
    return error.description or "", 404


@bp.errorhandler(HTTPStatus.NOT_FOUND)
def also_missing(error: NotFound) -> tuple[dict[str, str], HTTPStatus]:
    return {"error": error.name}, HTTPStatus.NOT_FOUND


@app.errorhandler(500)
async def failed(error: InternalServerError) -> ResponseReturnValue:
    return str(error.original_exception), "500 SORRY"


@app.errorhandler(400)
@app.errorhandler(404)
@app.errorhandler(BadRequest)
def mixed(error: BadRequest | NotFound) -> str:
    return error.name


@app.errorhandler(BadRequest)
@app.errorhandler(NotFound)
@bp.app_errorhandler(503)
def any_http(error: HTTPException) -> HTTPException:
    return error


@app.errorhandler(FirstProblem)
@app.errorhandler(SecondProblem)
def problem(error: Problem) -> str:
    return str(error.number)


@app.errorhandler(Exception)
def anything(error: Exception) -> Response:
    return Response(str(error), status=500)


@app.errorhandler(405)
@app.errorhandler(OutOfStock)
def broad(error: Exception) -> Response:
    return Response(str(error))


def register(status: int) -> None:
    @app.errorhandler(status)
    def answer(error: HTTPException) -> str:
        return error.name

    app.register_error_handler(status, answer)
    app.register_error_handler(404, missing)
    app.register_error_handler(OutOfStock, out_of_stock)
    app.register_error_handler(ValueError, lambda error: str(error.args))
    bp.register_app_error_handler(410, lambda error: error.name)
    bp.register_app_error_handler(Unpaid, f=either)


assert_type(out_of_stock(OutOfStock()), tuple[str, int])
assert_type(either(Unpaid()), str)
assert_type(either(OutOfStock()), str)
assert_type(missing(NotFound()), tuple[str, int])
assert_type(problem(FirstProblem()), str)
assert_type(anything(error=ValueError()), Response)
assert_type(broad(error=ValueError()), Response)
