"""`typed_session`: the session with the keys that a TypedDict declares, checked when they are set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NotRequired, TypedDict, TypeVar

import pytest
from werkzeug.test import TestResponse

from typedflask import Flask, Request, Response, flash, session, typed_session
from typedflask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin
from typedflask.state import Session

T = TypeVar("T")


class Address(TypedDict):
    """A part of the session that is a dict itself."""

    street: str
    number: NotRequired[int]


class Data(TypedDict, total=False):
    """What the tests keep in the session."""

    user_id: int
    cart: list[int]
    seen: datetime
    pair: tuple[int, str]
    address: Address
    tag: object
    rate: float | None
    agreed: bool


ours = typed_session(Data)
loose: Session[Any] = typed_session(Data)
"""The same for a type checker that has gone to lunch."""


@pytest.fixture
def app() -> Flask:
    app = Flask("sessions")
    app.secret_key = "a key for tests"
    return app


def visit(app: Flask, *views: Callable[[], object]) -> list[TestResponse]:
    """Let one browser call several functions, each in a request of its own."""
    client = app.test_client()
    for number, view in enumerate(views):

        def answer(view: Callable[[], object] = view) -> str:
            view()
            return "done"

        app.add_url_rule(f"/{number}", f"view{number}", answer)
    return [client.get(f"/{number}") for number in range(len(views))]


# --- reading and writing ------------------------------------------------------------------


def test_it_is_another_view_of_the_session(app: Flask) -> None:
    with app.test_request_context():
        ours.data["user_id"] = 3
        assert session["user_id"] == 3
        session["cart"] = [1]
        assert ours.data["cart"] == [1]
        del ours.data["user_id"]
        assert "user_id" not in session


def test_what_is_set_is_there_at_the_next_request(app: Flask) -> None:
    found: list[int] = []

    def first() -> None:
        ours.data["user_id"] = 3

    first_response, second_response = visit(app, first, lambda: found.append(ours.data["user_id"]))
    assert found == [3]
    assert "Set-Cookie" in first_response.headers
    assert "Set-Cookie" not in second_response.headers


def test_it_behaves_as_a_dict_of_what_is_declared(app: Flask) -> None:
    data = loose.data
    with app.test_request_context():
        flash("not declared")
        session.permanent = True
        assert (len(data), list(data), bool(data)) == (0, [], False)
        data.update({"user_id": 3}, cart=[1])
        assert data.setdefault("user_id", 4) == 3
        assert data == {"user_id": 3, "cart": [1]}
        assert dict(data) == data.copy() == {**data}
        assert data | {"user_id": 5} == {"user_id": 5, "cart": [1]}
        assert {"tag": 1} | data == {"tag": 1, "user_id": 3, "cart": [1]}
        data |= {"tag": "x"}
        assert data.pop("tag") == "x"
        assert data.pop("tag", None) is None
        assert data.get("tag", "none") == "none"
        assert list(data.items()) == [("user_id", 3), ("cart", [1])]
        data.clear()
        assert session["_flashes"] == [("message", "not declared")]
        assert session.permanent


def test_every_change_marks_the_session(app: Flask) -> None:
    changes: list[Callable[[], object]] = [
        lambda: loose.data.__setitem__("user_id", 3),
        lambda: loose.data.update(user_id=4),
        lambda: loose.data.pop("user_id"),
        lambda: loose.data.__setitem__("user_id", 5),
        lambda: loose.data.__delitem__("user_id"),
        ours.clear,
    ]
    with app.test_request_context():
        for change in changes:
            session.modified = False
            change()
            assert session.modified
        ours.modified = False
        assert ours.data.get("user_id") is None
        assert not session.modified


def test_a_session_that_does_not_watch_itself_is_marked_too() -> None:
    class Plain(dict[str, Any], SessionMixin):
        modified = False

    class Backend(SessionInterface[Plain]):
        def open_session(self, app: Flask, request: Request) -> Plain:
            return Plain()

        def save_session(self, app: Flask, session: Plain, response: Response) -> None:
            response.headers["X-Saved"] = str(session.modified)

    app = Flask("plain", session=Backend())
    (response,) = visit(app, lambda: loose.data.update(tag=object()))
    assert response.headers["X-Saved"] == "True"


def test_the_flags_are_those_of_the_session(app: Flask) -> None:
    with app.test_request_context():
        assert (ours.permanent, ours.new, ours.accessed) == (False, False, True)
        assert not ours.modified
        ours.permanent = True
        assert session.permanent
        ours.clear()
        assert not session
        assert not ours.permanent


# --- what is not declared ---------------------------------------------------------------


@pytest.mark.parametrize(
    "use",
    [
        lambda data: data["userid"],
        lambda data: data.get("userid"),
        lambda data: data.pop("userid", None),
        lambda data: data.setdefault("userid", 3),
        lambda data: data.update(userid=3),
        lambda data: data.__setitem__("userid", 3),
        lambda data: data.__delitem__("userid"),
    ],
)
def test_a_key_that_is_not_declared_is_refused(app: Flask, use: Callable[[Any], object]) -> None:
    with app.test_request_context():
        session["userid"] = 1
        with pytest.raises(KeyError) as info:
            use(loose.data)
        assert "Data declares no key 'userid'. Did you mean 'user_id'?" in str(info.value)
        assert "userid" not in loose.data
        assert session == {"userid": 1}


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("user_id", "3", "cannot be a str: it is declared as an int"),
        ("user_id", True, "cannot be a bool"),
        ("cart", [1, "x"], "every item is an int (item 2 is a str)"),
        ("cart", (1,), "cannot be a tuple"),
        ("pair", (1, 2), "(item 2 is an int)"),
        ("address", {"number": 1}, "(the key 'street' is missing)"),
        ("address", {"street": "x", "no": 1}, "(the key 'no' is not declared by Address)"),
        ("address", {"street": 7}, "(the value of 'street' is an int)"),
        ("agreed", 1, "it is declared as True or False"),
        ("rate", "high", "a float or an int, or None"),
    ],
)
def test_a_value_of_another_type_is_refused(app: Flask, key: str, value: object, says: str) -> None:
    with app.test_request_context():
        with pytest.raises(TypeError) as info:
            loose.data[key] = value
        assert f"Data[{key!r}]" in str(info.value)
        assert says in str(info.value)
        assert not session


def test_a_refused_update_changes_nothing(app: Flask) -> None:
    with app.test_request_context():
        with pytest.raises(TypeError):
            loose.data.update(user_id=3, cart="x")
        assert not session


def test_values_are_never_shown(app: Flask) -> None:
    with app.test_request_context():
        with pytest.raises(TypeError) as info:
            loose.data["user_id"] = "hunter2"
        ours.data["tag"] = "hunter2"
        assert "hunter2" not in f"{info.value}{ours!r}"
        assert repr(ours) == "<typed_session: <session data Data with tag>>"


def test_a_value_from_an_earlier_release_counts_as_not_set(app: Flask) -> None:
    with app.test_request_context():
        session["user_id"] = "three"
        assert ours.data.get("user_id") is None
        assert "user_id" not in ours.data
        with pytest.raises(KeyError):
            assert ours.data["user_id"]
        ours.data["user_id"] = 3
        assert session["user_id"] == 3


# --- what cannot be stored ------------------------------------------------------------------


def test_what_the_backend_cannot_store_is_refused_where_it_is_set(app: Flask) -> None:
    with app.test_request_context():
        with pytest.raises(TypeError, match=r"Data\['tag'\] cannot be an object.*cannot store it"):
            ours.data["tag"] = object()
        ours.data["seen"] = datetime.now(UTC)
        ours.data["pair"] = (1, "x")
        assert "tag" not in session


def test_what_is_nested_too_deeply_is_refused(app: Flask) -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with app.test_request_context(), pytest.raises(TypeError, match="nested too deeply"):
        ours.data["tag"] = deep


def test_what_the_backend_would_give_back_as_something_else_is_refused() -> None:
    import json

    class PlainJSON(SecureCookieSessionInterface):
        serializer = json

    app = Flask("plain", session=PlainJSON())
    app.secret_key = "a key for tests"
    with app.test_request_context():
        with pytest.raises(TypeError, match="PlainJSON would give it back as a list"):
            ours.data["pair"] = (1, "x")
        with pytest.raises(TypeError, match="PlainJSON cannot store it"):
            ours.data["seen"] = datetime.now(UTC)
        deep: list[object] = []
        for _ in range(100_000):
            deep = [deep]
        with pytest.raises(TypeError, match="PlainJSON cannot store it: it is nested too deeply"):
            ours.data["tag"] = deep
        ours.data["cart"] = [1]
        ours.data["agreed"] = True


def test_without_a_secret_key_setting_says_what_is_missing() -> None:
    with Flask("keyless").test_request_context():
        assert ours.data.get("user_id") is None
        with pytest.raises(RuntimeError, match="no secret key"):
            ours.data["user_id"] = 3


# --- changes inside of values -------------------------------------------------------------


def test_a_change_inside_of_a_list_is_noticed(app: Flask) -> None:
    found: list[list[int]] = []

    def put() -> None:
        ours.data["cart"] = [1]

    def add() -> None:
        ours.data["cart"].append(2)
        ours.data["cart"].append(3)

    def look() -> None:
        found.append(ours.data["cart"])

    *_, added, looked = visit(app, put, add, look)
    assert found == [[1, 2, 3]]
    assert "Set-Cookie" in added.headers
    assert "Set-Cookie" not in looked.headers


def test_a_change_inside_is_noticed_beside_others(app: Flask) -> None:
    """
    Where something else has marked the session already, nothing needs to be compared.
    """

    def put() -> None:
        ours.data["cart"] = [1]

    def add() -> None:
        ours.data["cart"].append(2)
        ours.data["user_id"] = 3

    _, added, looked = visit(app, put, add, lambda: ours.data.get("cart"))
    assert "Set-Cookie" in added.headers
    assert "Set-Cookie" not in looked.headers


# --- around it --------------------------------------------------------------------------


def test_without_a_request_it_says_what_is_missing() -> None:
    for use in (lambda: ours.data["user_id"], lambda: ours.permanent, ours.clear):
        with pytest.raises(RuntimeError, match="needs an active request"):
            use()
    assert repr(ours) == "<typed_session: <session data Data, no request is active>>"


def test_only_a_typeddict_declares_a_session() -> None:
    with pytest.raises(TypeError, match="derived from TypedDict"):
        typed_session(dict)


def test_names_that_do_not_exist_at_run_time_are_explained(app: Flask) -> None:
    class Broken(TypedDict):
        user: Nobody  # type: ignore[name-defined]  # noqa: F821

    broken: Session[Any] = typed_session(Broken)
    with app.test_request_context(), pytest.raises(NameError) as info:
        broken.data["user"] = 1
    assert "annotations of Broken" in "".join(info.value.__notes__)


def test_an_annotation_that_cannot_be_checked_is_named(app: Flask) -> None:
    class Wrong(TypedDict):
        user: T  # type: ignore[valid-type]

    wrong: Session[Any] = typed_session(Wrong)
    with app.test_request_context(), pytest.raises(TypeError, match="cannot be checked") as info:
        wrong.data["user"] = 1
    assert "Wrong.user" in "".join(info.value.__notes__)
