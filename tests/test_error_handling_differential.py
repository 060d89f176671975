"""The same handler answers the same error as in Flask, whatever is registered where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import (
    BadRequest,
    BadRequestKeyError,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    Unauthorized,
)
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as WerkzeugResponse

import typedflask


class Base(Exception):
    pass


class Leaf(Base, KeyError):
    pass


class OwnNotFound(NotFound):
    pass


class PaymentFailed(HTTPException):
    code = 402


TARGETS: list[Any] = [
    400,
    403,
    404,
    500,
    Base,
    Leaf,
    KeyError,
    LookupError,
    Exception,
    HTTPException,
    NotFound,
    OwnNotFound,
    Forbidden,
    BadRequest,
    BadRequestKeyError,
    InternalServerError,
    PaymentFailed,
]
ERRORS: list[Callable[[], Exception]] = [
    Base,
    Leaf,
    KeyError,
    ValueError,
    NotFound,
    OwnNotFound,
    Forbidden,
    Unauthorized,
    PaymentFailed,
    BadRequest,
    InternalServerError,
    lambda: BadRequestKeyError({}, "key"),
    lambda: HTTPException(response=WerkzeugResponse("carried", 299)),
    lambda: RequestRedirect("http://localhost/elsewhere"),
]
PATHS = ("/", "/shop/", "/shop/admin/", "/nowhere")
# Which of the three handles what: the application, the blueprint, or the one inside of it.
REGISTRATION = st.tuples(st.integers(0, 2), st.sampled_from(TARGETS))


def answers(
    flask: Any, registered: list[tuple[int, Any]], error: Callable[[], Exception], **config: Any
) -> list[tuple[int, str | None, bytes]]:
    """What each path is answered with by an application of the framework."""
    app = flask.Flask("differential")
    app.logger.disabled = True
    app.config.update(config)
    shop, admin = flask.Blueprint("shop", __name__), flask.Blueprint("admin", __name__)
    for number, (place, target) in enumerate(registered):
        scaffold = (app, shop, admin)[place]

        def handle(error: Exception, number: int = number) -> str:
            original = getattr(error, "original_exception", None)
            return f"{number}: {type(error).__name__} {type(original).__name__}"

        scaffold.register_error_handler(target, handle)

    def fail() -> None:
        raise error()

    for scaffold in (app, shop, admin):
        scaffold.add_url_rule("/", "fail", fail)
    shop.register_blueprint(admin, url_prefix="/admin")
    app.register_blueprint(shop, url_prefix="/shop")
    client, found = app.test_client(), []
    for path in PATHS:
        response = client.get(path)
        found.append((response.status_code, response.headers.get("Location"), response.data))
    return found


@given(
    registered=st.lists(REGISTRATION, max_size=8),
    error=st.sampled_from(ERRORS),
    trap_all=st.booleans(),
    trap_bad=st.sampled_from([None, False, True]),
)
@settings(max_examples=120, deadline=None)
def test_the_same_handler_answers_as_in_flask(
    registered: list[tuple[int, Any]],
    error: Callable[[], Exception],
    trap_all: bool,
    trap_bad: bool | None,
) -> None:
    flask = pytest.importorskip("flask")
    config = {"TRAP_HTTP_EXCEPTIONS": trap_all, "TRAP_BAD_REQUEST_ERRORS": trap_bad}

    assert answers(typedflask, registered, error, **config) == answers(
        flask, registered, error, **config
    )
