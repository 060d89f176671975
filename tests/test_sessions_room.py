"""The room of sessions by itself: session objects, the signed cookie, and what it is made of.

The application is a stand-in with a configuration; requests and responses are real.
"""

from __future__ import annotations

import copy
import hashlib
import pickle
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer, base64_encode
from markupsafe import Markup
from werkzeug.http import parse_cookie
from werkzeug.test import create_environ

from typedflask.requests.request import Request
from typedflask.responses.response import Response
from typedflask.sessions import (
    NullSession,
    SecureCookieSession,
    SecureCookieSessionInterface,
    SessionInterface,
    SessionMixin,
    session_json_serializer,
    signing,
)
from typedflask.sessions.signing import REMEMBERED, KeepingSigner, KeyedHMAC, compress

if TYPE_CHECKING:
    from typedflask.app import Flask

KEY = "a key for tests"
DEFAULTS: dict[str, Any] = {
    "SECRET_KEY": KEY,
    "SECRET_KEY_FALLBACKS": None,
    "APPLICATION_ROOT": "/",
    "SESSION_COOKIE_NAME": "session",
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_PATH": None,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_SAMESITE": None,
    "SESSION_COOKIE_PARTITIONED": False,
    "SESSION_REFRESH_EACH_REQUEST": True,
}


@dataclass
class StandIn:
    """What the room asks of an application."""

    config: dict[str, Any] = field(default_factory=lambda: dict(DEFAULTS))
    permanent_session_lifetime: timedelta = timedelta(days=31)

    @property
    def secret_key(self) -> Any:
        return self.config["SECRET_KEY"]


def application(**config: Any) -> Flask:
    app = StandIn()
    app.config.update(config)
    # The room uses the attributes of the stand-in and no others.
    return cast("Flask", app)


def request(cookie: str | None = None) -> Request:
    environ = create_environ()
    if cookie is not None:
        environ["HTTP_COOKIE"] = cookie
    return Request(environ)


def sent_cookie(response: Response, name: str = "session") -> str:
    """The value of the cookie that a response sets."""
    [header] = response.headers.getlist("Set-Cookie")
    return parse_cookie(header)[name]


def attributes(response: Response) -> set[str]:
    """The attributes of the one cookie that a response sets, without its value."""
    [header] = response.headers.getlist("Set-Cookie")
    return set(header.split("; ")[1:])


def signer_of(app: Flask) -> URLSafeTimedSerializer:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return serializer


def opened(app: Flask, value: str) -> SecureCookieSession:
    """The session that a cookie with this value opens."""
    session = SecureCookieSessionInterface().open_session(app, request(f"session={value}"))
    assert session is not None
    return session


def saved(app: Flask, session: SecureCookieSession) -> Response:
    response = Response("body")
    SecureCookieSessionInterface().save_session(app, session, response)
    return response


def written(content: dict[str, Any]) -> SecureCookieSession:
    """A session that somebody filled."""
    session = SecureCookieSession()
    session.update(content)
    return session


# --- session objects ---------------------------------------------------------------------

Deed = Callable[[SecureCookieSession], object]

LOOKS: dict[str, Deed] = {
    "an item": lambda session: session["a"],
    "get": lambda session: session.get("a"),
    "get of what is not there": lambda session: session.get("b"),
    "in": lambda session: "a" in session,
    "len": len,
    "bool": bool,
    "iter": iter,
    "reversed": reversed,
    "keys": lambda session: session.keys(),
    "values": lambda session: session.values(),
    "items": lambda session: session.items(),
    "copy": lambda session: session.copy(),
    "equal": lambda session: session == {},
    "unequal": lambda session: session != {},
    "or": lambda session: session | {"b": 2},
    "or from the right": lambda session: {"b": 2} | session,
    "repr": repr,
    "permanent": lambda session: session.permanent,
    "dict": dict,
    "unpacking": lambda session: {**session},
    "pop of what is not there": lambda session: session.pop("b", None),
    "setdefault of what is there": lambda session: session.setdefault("a", 2),
}

CHANGES: dict[str, Deed] = {
    "an item set": lambda session: session.__setitem__("b", 2),
    "an item deleted": lambda session: session.__delitem__("a"),
    "pop": lambda session: session.pop("a"),
    "popitem": lambda session: session.popitem(),
    "clear": lambda session: session.clear(),
    "update": lambda session: session.update({"b": 2}),
    "update by keyword": lambda session: session.update(b=2),
    "ior": lambda session: session.__ior__({"b": 2}),
    "setdefault": lambda session: session.setdefault("b", 2),
    "permanent": lambda session: setattr(session, "permanent", True),
}


class TestSecureCookieSession:
    def test_a_fresh_session_is_neither_read_nor_changed_nor_new(self) -> None:
        session = SecureCookieSession({"a": 1})
        assert (session.accessed, session.modified, session.new) == (False, False, False)

    @pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
    def test_every_look_counts_as_reading_and_as_no_change(self, look: Deed) -> None:
        session = SecureCookieSession({"a": 1})
        look(session)
        assert (session.accessed, session.modified) == (True, False)

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_every_change_counts_as_reading_and_writing(self, change: Deed) -> None:
        session = SecureCookieSession({"a": 1})
        change(session)
        assert (session.accessed, session.modified) == (True, True)
        assert dict(session) != {"a": 1}

    def test_every_method_of_a_dict_is_either_watched_or_harmless(self) -> None:
        """A later Python may add one; this test then asks where it belongs."""
        harmless = set(dir(object())) - {"__eq__", "__ne__", "__repr__"}
        harmless |= {"__class_getitem__", "fromkeys"}
        watched = {
            name
            for name in dir(dict)
            if getattr(SecureCookieSession, name) is not getattr(dict, name)
        }
        assert set(dir(dict)) - watched - harmless == set()

    def test_a_change_inside_a_value_is_not_seen(self) -> None:
        session = SecureCookieSession({"cart": []})
        session["cart"].append("apple")
        assert not session.modified

    def test_deleting_what_is_not_there_is_an_error_and_no_change(self) -> None:
        session = SecureCookieSession()
        with pytest.raises(KeyError):
            del session["a"]
        assert not session.modified

    def test_pop_without_default_complains_like_a_dict(self) -> None:
        with pytest.raises(KeyError):
            SecureCookieSession().pop("a")

    def test_results_are_those_of_a_dict(self) -> None:
        session = SecureCookieSession({"a": 1, "b": 2})
        assert session["a"] == 1
        assert session.get("c", 3) == 3
        assert session.setdefault("c", 3) == 3
        assert session.pop("c") == 3
        assert session | {"c": 3} == {"a": 1, "b": 2, "c": 3}
        assert list(reversed(session)) == ["b", "a"]
        assert type(session.copy()) is dict
        session |= {"a": 2}
        assert session == {"a": 2, "b": 2}

    def test_permanent_is_an_item(self) -> None:
        session = SecureCookieSession()
        assert session.permanent is False
        session.permanent = True
        assert session == {"_permanent": True}
        assert session.permanent is True

    @pytest.mark.parametrize("copied", [copy.copy, lambda it: pickle.loads(pickle.dumps(it))])
    def test_a_session_can_be_copied(self, copied: Callable[[Any], Any]) -> None:
        again = copied(SecureCookieSession({"a": 1}))
        assert type(again) is SecureCookieSession
        assert again == {"a": 1}


class TestSessionMixin:
    def test_a_session_that_cannot_watch_itself_counts_as_read_and_changed(self) -> None:
        class Plain(dict[str, Any], SessionMixin):
            pass

        session = Plain()
        assert (session.accessed, session.modified, session.new) == (True, True, False)
        session.permanent = True
        assert session == {"_permanent": True}
        session.permanent = False
        assert session.permanent is False


class TestNullSession:
    @pytest.mark.parametrize("look", ["get", "in", "len", "keys", "permanent", "repr"])
    def test_it_can_be_read_and_is_empty(self, look: str) -> None:
        session = NullSession()
        LOOKS[look](session)
        assert len(session) == 0
        assert session.get("user") is None

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_every_change_says_that_a_secret_key_is_missing_and_how_to_set_one(
        self, change: Deed
    ) -> None:
        with pytest.raises(RuntimeError, match=r"no secret key is set.*app\.secret_key"):
            change(NullSession())

    def test_no_change_gets_through_by_another_door(self) -> None:
        session = NullSession()
        for name in ("pop", "setdefault"):
            with pytest.raises(RuntimeError, match="unavailable"):
                getattr(session, name)("a", None)


# --- the base class ----------------------------------------------------------------------


class TestSessionInterface:
    def test_a_backend_that_cannot_save_cannot_be_made(self) -> None:
        half = type("Half", (SessionInterface,), {"open_session": lambda *_: None})
        with pytest.raises(TypeError, match="save_session"):
            half()

    def test_null_sessions_are_made_and_known(self) -> None:
        backend = SecureCookieSessionInterface()
        null = backend.make_null_session(application())
        assert type(null) is NullSession
        assert backend.is_null_session(null)
        assert not backend.is_null_session(SecureCookieSession())
        assert not backend.is_null_session(None)

    def test_the_class_of_null_sessions_can_be_replaced(self) -> None:
        class Quiet(NullSession):
            pass

        class Backend(SecureCookieSessionInterface):
            null_session_class = Quiet

        assert type(Backend().make_null_session(application())) is Quiet

    def test_sessions_are_not_pickled(self) -> None:
        assert SecureCookieSessionInterface().pickle_based is False

    def test_the_path_of_the_cookie_is_the_applications_unless_set(self) -> None:
        backend = SecureCookieSessionInterface()
        assert backend.get_cookie_path(application(APPLICATION_ROOT="/shop")) == "/shop"
        app = application(APPLICATION_ROOT="/shop", SESSION_COOKIE_PATH="/")
        assert backend.get_cookie_path(app) == "/"

    def test_a_permanent_session_ends_after_its_lifetime_and_others_with_the_browser(self) -> None:
        backend, app = SecureCookieSessionInterface(), application()
        assert backend.get_expiration_time(app, SecureCookieSession()) is None
        before = datetime.now(UTC)
        end = backend.get_expiration_time(app, SecureCookieSession({"_permanent": True}))
        assert end is not None
        assert before <= end - timedelta(days=31) <= datetime.now(UTC)

    @pytest.mark.parametrize(
        ("modified", "permanent", "refresh", "expected"),
        [
            (False, False, True, False),
            (False, True, True, True),
            (False, True, False, False),
            (True, False, False, True),
        ],
    )
    def test_a_cookie_is_sent_when_changed_or_when_a_permanent_one_is_refreshed(
        self, modified: bool, permanent: bool, refresh: bool, expected: bool
    ) -> None:
        session = SecureCookieSession({"_permanent": permanent})
        session.modified = modified
        app = application(SESSION_REFRESH_EACH_REQUEST=refresh)
        assert SecureCookieSessionInterface().should_set_cookie(app, session) is expected


# --- opening -----------------------------------------------------------------------------


class TestOpening:
    def test_a_visitor_without_a_cookie_gets_an_empty_session(self) -> None:
        session = SecureCookieSessionInterface().open_session(application(), request())
        assert session is not None
        assert dict.__len__(session) == 0
        assert (session.accessed, session.modified) == (False, False)

    @pytest.mark.parametrize("key", [None, "", b""])
    def test_without_a_secret_key_there_is_no_session(self, key: object) -> None:
        backend, app = SecureCookieSessionInterface(), application(SECRET_KEY=key)
        assert backend.get_signing_serializer(app) is None
        assert backend.open_session(app, request("session=x")) is None

    def test_what_is_saved_is_opened_again(self) -> None:
        app = application()
        content = {
            "number": 7,
            "text": "grüße",
            "tuple": (1, (2, "x")),
            "bytes": b"\x00\xff",
            "markup": Markup("<b>"),
            "uuid": UUID(int=5),
            "time": datetime(2024, 2, 29, 12, 30, tzinfo=UTC),
            "nested": {"list": [None, True, 1.5, {"t": (1,)}]},
            " t": "looks like a tag",
        }
        session = opened(app, sent_cookie(saved(app, written(content))))
        assert (session.accessed, session.modified) == (False, False)
        assert dict(session) == content
        assert type(session["markup"]) is Markup
        assert type(session["tuple"]) is tuple

    @pytest.mark.parametrize("size", [1, 60, 119, 120, 300, 2500])
    def test_sessions_that_compress_well_are_compressed_unless_small(self, size: int) -> None:
        app = application()
        value = signer_of(app).dumps({"x": "y" * size})
        assert value.startswith(".") == (size >= 120)  # with 128 bytes of JSON
        assert opened(app, value) == {"x": "y" * size}

    def test_a_session_class_of_the_applications_own_is_used(self) -> None:
        class Cart(SecureCookieSession):
            @property
            def total(self) -> int:
                return sum(self.get("prices", ()))

        class Backend(SecureCookieSessionInterface):
            session_class = Cart

        app = application()
        value = signer_of(app).dumps({"prices": [1, 2]})
        session = Backend().open_session(app, request(f"session={value}"))
        assert isinstance(session, Cart)
        assert session.total == 3
        assert type(Backend().open_session(app, request())) is Cart

    def test_a_replaced_signing_serializer_is_used(self) -> None:
        class Backend(SecureCookieSessionInterface):
            def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
                return URLSafeTimedSerializer("other", salt="mine")

        app, response = application(SECRET_KEY=None), Response()
        Backend().save_session(app, written({"a": 1}), response)
        value = sent_cookie(response)
        assert URLSafeTimedSerializer("other", salt="mine").loads(value) == {"a": 1}
        assert Backend().open_session(app, request(f"session={value}")) == {"a": 1}


def signed(app: Flask, payload: bytes) -> str:
    """A cookie with a good signature over this payload."""
    return signer_of(app).make_signer().sign(payload).decode()


GOOD = application()

BAD_COOKIES = {
    "garbage": "garbage",
    "dots": "...",
    "no ASCII": "sch\u00f6n.a.b",
    "a lone surrogate": "\ud800.a.b",
    "tampered content": "e" + signer_of(GOOD).dumps({"user": 1})[1:-1],
    "signature cut off": signer_of(GOOD).dumps({"user": 1}).rpartition(".")[0],
    "foreign key": signer_of(application(SECRET_KEY="theirs")).dumps({"user": 1}),
    "foreign salt": URLSafeTimedSerializer(KEY, salt="mail").dumps({"user": 1}),
    "oversized": "a" * 1_000_000 + ".b.c",
    "many dots": "." * 100_000,
    "signed: not base64": signed(GOOD, b"a"),
    "signed: not JSON": signed(GOOD, base64_encode(b"{")),
    "signed: not UTF-8": signed(GOOD, base64_encode(b'{"a":"\xff"}')),
    "signed: not compressed": signed(GOOD, b".AAAA"),
    "signed: nested too deeply": signed(GOOD, base64_encode(b'{"a":' + b"[" * 100_000)),
    "signed: tags nested too deeply": signed(
        GOOD, b"." + base64_encode(zlib.compress(b'{" t":[' * 50_000 + b"1" + b"]}" * 50_000))
    ),
    "signed: a list": signer_of(GOOD).dumps([1]),
    "signed: a text": signer_of(GOOD).dumps("text"),
    "signed: null": signer_of(GOOD).dumps(None),
    "signed: a tuple of pairs": signer_of(GOOD).dumps((("user", 1),)),
    "signed: a tag with bad content": signed(GOOD, base64_encode(b'{" d":"yesterday"}')),
    "signed without a time": URLSafeTimedSerializer(KEY, salt="x").make_signer().sign("e").decode(),
}


class TestBadCookies:
    @pytest.mark.parametrize("value", BAD_COOKIES.values(), ids=BAD_COOKIES)
    def test_a_bad_cookie_gives_a_new_empty_session(self, value: str) -> None:
        assert dict(opened_raw(GOOD, value)) == {}

    def test_a_good_cookie_is_not_among_them(self) -> None:
        assert opened_raw(GOOD, signer_of(GOOD).dumps({"user": 1})) == {"user": 1}

    @given(st.text(max_size=60))
    def test_no_text_at_all_is_an_error(self, value: str) -> None:
        assert dict(opened_raw(GOOD, value)) == {}

    @given(st.binary(max_size=40))
    def test_no_payload_at_all_is_an_error(self, payload: bytes) -> None:
        assert isinstance(
            opened_raw(GOOD, signed(GOOD, base64_encode(payload))), SecureCookieSession
        )

    def test_a_cookie_older_than_the_lifetime_is_bad(self) -> None:
        app = application()
        value = signer_of(app).dumps({"user": 1})
        app.permanent_session_lifetime = timedelta(seconds=-1)
        assert opened(app, value) == {}

    def test_a_cookie_is_good_until_its_last_second(self, monkeypatch: pytest.MonkeyPatch) -> None:
        app = application()
        value = signer_of(app).dumps({"user": 1})
        app.permanent_session_lifetime = timedelta(hours=1)
        now = KeepingSigner.get_timestamp(KeepingSigner([b"k"], "s", **SHA1))
        for seconds, content in ((3590, {"user": 1}), (3700, {}), (-3600, {})):
            moment = now + seconds
            monkeypatch.setattr(KeepingSigner, "get_timestamp", lambda _, at=moment: at)
            assert opened(app, value) == content

    @pytest.mark.parametrize("lifetime", [-1.5, -1, -0.5, 0, 0.5, 1.9, 2, 86401.5])
    def test_of_a_lifetime_the_whole_seconds_count(
        self, lifetime: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = application()
        value = signer_of(app).dumps({"user": 1})
        app.permanent_session_lifetime = timedelta(seconds=lifetime)
        now = signer_of(app).loads(value, return_timestamp=True)[1].timestamp()
        for age in (0, 1, 2, 3, 86401, 86402):
            monkeypatch.setattr(KeepingSigner, "get_timestamp", lambda _, at=int(now) + age: at)
            assert bool(opened(app, value)) is (age <= int(lifetime))

    @pytest.mark.parametrize("stamp", [b"_________w", b"f________w", b"!", b""])
    def test_an_impossible_time_with_a_good_signature_is_bad(self, stamp: bytes) -> None:
        value = base64_encode(b'{"user":1}') + b"." + stamp
        signer = signer_of(GOOD).make_signer()
        cookie = (value + b"." + signer.get_signature(value)).decode()
        assert opened_raw(GOOD, cookie) == {}


SHA1: dict[str, Any] = {"key_derivation": "hmac", "digest_method": hashlib.sha1}


def opened_raw(app: Flask, value: str) -> SecureCookieSession:
    """As `opened`, for values that no cookie header could carry."""
    asking = request()
    asking.__dict__["cookies"] = {"session": value}
    session = SecureCookieSessionInterface().open_session(app, asking)
    assert session is not None
    return session


# --- saving ------------------------------------------------------------------------------


class TestSaving:
    def test_a_session_nobody_touched_leaves_no_trace(self) -> None:
        response = saved(application(), SecureCookieSession({"a": 1}))
        assert "Set-Cookie" not in response.headers
        assert "Vary" not in response.headers

    def test_a_session_that_was_read_varies_the_response_and_is_not_written(self) -> None:
        session = SecureCookieSession()
        session.get("user")
        response = saved(application(), session)
        assert response.headers.getlist("Vary") == ["Cookie"]
        assert "Set-Cookie" not in response.headers

    def test_a_changed_session_is_written_and_varies_the_response(self) -> None:
        response = saved(application(), written({"a": 1}))
        assert response.headers.getlist("Vary") == ["Cookie"]
        assert attributes(response) == {"HttpOnly", "Path=/"}

    def test_a_flag_set_by_hand_is_enough(self) -> None:
        session = SecureCookieSession({"cart": ["apple"]})
        session.modified = True
        response = saved(application(), session)
        assert response.headers.getlist("Vary") == ["Cookie"]
        assert opened(application(), sent_cookie(response)) == {"cart": ["apple"]}

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("Accept-Encoding", "Accept-Encoding, Cookie"),
            ("cookie", "cookie"),
            ("Cookie", "Cookie"),
        ],
    )
    def test_vary_keeps_what_it_said(self, before: str, after: str) -> None:
        response = Response(headers={"Vary": before})
        SecureCookieSessionInterface().save_session(application(), written({"a": 1}), response)
        assert response.headers.getlist("Vary") == [after]

    def test_a_permanent_session_nobody_touched_is_refreshed_and_varies(self) -> None:
        response = saved(application(), SecureCookieSession({"_permanent": True}))
        assert any(part.startswith("Expires=") for part in attributes(response))
        assert response.headers["Vary"] == "Cookie"

    def test_a_permanent_session_is_not_refreshed_when_told_not_to(self) -> None:
        app = application(SESSION_REFRESH_EACH_REQUEST=False)
        response = saved(app, SecureCookieSession({"_permanent": True}))
        assert "Set-Cookie" not in response.headers

    def test_an_emptied_session_takes_its_cookie_away(self) -> None:
        session = SecureCookieSession({"a": 1})
        session.clear()
        app = application(SESSION_COOKIE_PATH="/shop", SESSION_COOKIE_DOMAIN="example.com")
        response = saved(app, session)
        assert sent_cookie(response) == ""
        assert {"Max-Age=0", "Path=/shop", "Domain=example.com"} <= attributes(response)
        assert response.headers["Vary"] == "Cookie"

    @pytest.mark.parametrize("content", [{"a": 1}, {}], ids=["set", "deleted"])
    def test_every_attribute_is_sent_whether_the_cookie_is_set_or_deleted(
        self, content: dict[str, Any]
    ) -> None:
        session = SecureCookieSession(content)
        session.modified = True
        app = application(
            SESSION_COOKIE_NAME="sid",
            SESSION_COOKIE_DOMAIN="example.com",
            SESSION_COOKIE_PATH="/shop",
            SESSION_COOKIE_HTTPONLY=False,
            SESSION_COOKIE_SECURE=True,
            SESSION_COOKIE_SAMESITE="Strict",
            SESSION_COOKIE_PARTITIONED=True,
        )
        response = saved(app, session)
        expected = {
            "Domain=example.com",
            "Path=/shop",
            "Secure",
            "SameSite=Strict",
            "Partitioned",
        }
        if not content:
            expected |= {"Max-Age=0", "Expires=Thu, 01 Jan 1970 00:00:00 GMT"}
        assert attributes(response) == expected
        assert response.headers["Set-Cookie"].startswith("sid=")

    def test_the_expiry_of_a_permanent_session_is_its_lifetime(self) -> None:
        app = application()
        app.permanent_session_lifetime = timedelta(seconds=90)
        session = written({"a": 1})
        session.permanent = True
        [expires] = [at for at in attributes(saved(app, session)) if at.startswith("Expires=")]
        end = datetime.strptime(expires, "Expires=%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        assert abs((end - datetime.now(UTC)).total_seconds() - 90) < 30

    def test_a_value_that_cannot_be_written_is_named_with_its_key_and_type_but_not_shown(
        self,
    ) -> None:
        class Basket:
            def __repr__(self) -> str:
                return "<private>"

        session = written({"fine": 1, "basket": Basket()})
        with pytest.raises(TypeError, match=r"session\['basket'\] is a Basket") as caught:
            saved(application(), session)
        assert "<private>" not in str(caught.value)

    def test_the_key_is_named_when_the_value_lies_deep_inside(self) -> None:
        with pytest.raises(TypeError, match=r"session\['a'\] is a dict .* session cookie"):
            saved(application(), written({"a": {"b": [object()]}}))

    def test_a_value_nested_too_deeply_is_named(self) -> None:
        deep: list[Any] = []
        for _ in range(100_000):
            deep = [deep]
        with pytest.raises(TypeError, match=r"session\['deep'\] is a list .* nested too deeply"):
            saved(application(), written({"deep": deep}))

    def test_a_value_that_holds_itself_is_named(self) -> None:
        loop: list[Any] = []
        loop.append(loop)
        with pytest.raises(TypeError, match=r"session\['loop'\] is a list"):
            saved(application(), written({"loop": loop}))

    def test_an_error_that_no_item_explains_is_passed_on(self) -> None:
        class Picky:
            def dumps(self, value: Any) -> str:
                if len(value) > 1:
                    raise ValueError("one item at a time")
                return session_json_serializer.dumps(value)

            def loads(self, value: str) -> Any:
                return session_json_serializer.loads(value)

        class Backend(SecureCookieSessionInterface):
            serializer = Picky()

        with pytest.raises(ValueError, match="one item at a time"):
            Backend().save_session(application(), written({"a": 1, "b": 2}), Response())

    def test_a_key_lost_during_the_request_is_explained(self) -> None:
        with pytest.raises(RuntimeError, match="no secret key is set"):
            saved(application(SECRET_KEY=None), written({"a": 1}))

    def test_a_cookie_larger_than_browsers_keep_is_warned_of(self) -> None:
        noise = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(200))
        with pytest.warns(UserWarning, match="session"):
            saved(application(), written({"noise": noise}))


# --- keys and signers --------------------------------------------------------------------


class TestKeys:
    def test_the_newest_key_signs_and_all_keys_verify(self) -> None:
        old, older = application(SECRET_KEY="old"), application(SECRET_KEY="older")
        now = application(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old", b"older"])
        for app in (old, older, now, application(SECRET_KEY="new")):
            assert opened(now, signer_of(app).dumps({"user": 1})) == {"user": 1}
        value = signer_of(now).dumps({"user": 1})
        assert opened(application(SECRET_KEY="new"), value) == {"user": 1}
        assert opened(old, value) == {}

    def test_a_key_taken_from_the_list_verifies_no_more(self) -> None:
        app = application(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"])
        value = signer_of(application(SECRET_KEY="old")).dumps({"user": 1})
        assert opened(app, value) == {"user": 1}
        app.config["SECRET_KEY_FALLBACKS"] = []
        assert opened(app, value) == {}

    def test_text_and_bytes_are_the_same_key(self) -> None:
        value = signer_of(application(SECRET_KEY="kéy")).dumps({"user": 1})
        assert opened(application(SECRET_KEY="kéy".encode()), value) == {"user": 1}

    @pytest.mark.parametrize(
        ("config", "error", "message"),
        [
            ({"SECRET_KEY": 12345}, TypeError, "SECRET_KEY must be str or bytes; it is a int"),
            ({"SECRET_KEY_FALLBACKS": "hush"}, TypeError, "SECRET_KEY_FALLBACKS must be a list"),
            ({"SECRET_KEY_FALLBACKS": b"hush"}, TypeError, "SECRET_KEY_FALLBACKS must be a list"),
            ({"SECRET_KEY_FALLBACKS": ["a", 2]}, TypeError, r"SECRET_KEY_FALLBACKS\[1\] must be"),
            ({"SECRET_KEY_FALLBACKS": ["a", ""]}, ValueError, r"FALLBACKS\[1\] is empty"),
        ],
    )
    def test_a_wrong_key_is_explained_and_not_shown(
        self, config: dict[str, Any], error: type[Exception], message: str
    ) -> None:
        with pytest.raises(error, match=message) as caught:
            signer_of(application(**config))
        assert "12345" not in str(caught.value)
        assert "hush" not in str(caught.value)


class TestRememberedSigners:
    def test_the_same_keys_give_the_same_serializer(self) -> None:
        assert signer_of(application()) is signer_of(application())

    @pytest.mark.parametrize(
        "attribute",
        [
            {"salt": "other"},
            {"key_derivation": "django-concat"},
            {"digest_method": staticmethod(hashlib.sha256)},
            {"serializer": type(session_json_serializer)()},
        ],
        ids=lambda attribute: next(iter(attribute)),
    )
    def test_a_backend_with_other_attributes_gets_another_one(
        self, attribute: dict[str, Any]
    ) -> None:
        app = application()
        backend = type("Backend", (SecureCookieSessionInterface,), attribute)
        serializer = backend().get_signing_serializer(app)
        assert serializer is not signer_of(app)
        assert serializer.loads(serializer.dumps({"a": 1})) == {"a": 1}

    def test_a_changed_key_takes_effect_at_once(self) -> None:
        app = application()
        value = signer_of(app).dumps({"user": 1})
        app.config["SECRET_KEY"] = "another"
        assert opened(app, value) == {}

    def test_a_serializer_need_not_be_hashable(self) -> None:
        @dataclass
        class Unhashable:
            def dumps(self, value: Any) -> str:
                return session_json_serializer.dumps(value)

            def loads(self, value: str) -> Any:
                return session_json_serializer.loads(value)

        with pytest.raises(TypeError, match="unhashable"):
            hash(Unhashable())

        class Backend(SecureCookieSessionInterface):
            serializer = Unhashable()

        serializer = Backend().get_signing_serializer(application())
        assert serializer is not None
        assert serializer.loads(serializer.dumps({"a": 1})) == {"a": 1}

    def test_only_so_many_are_remembered(self) -> None:
        for number in range(2 * REMEMBERED):
            signer_of(application(SECRET_KEY=f"key {number}"))
        assert len(signing._remembered) <= REMEMBERED

    def test_keys_are_derived_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        app = application(SECRET_KEY="derived once", SECRET_KEY_FALLBACKS=["and the old one"])
        signer_of(app)
        monkeypatch.setattr("itsdangerous.Signer.derive_key", None)
        value = signer_of(app).dumps({"user": 1})
        assert opened(app, value) == {"user": 1}

    def test_a_key_from_outside_is_derived_all_the_same(self) -> None:
        plain = URLSafeTimedSerializer(KEY, salt="s", signer_kwargs=SHA1).make_signer()
        keeping = KeepingSigner([KEY.encode()], "s", **SHA1)
        assert keeping.derive_key() == plain.derive_key()
        assert keeping.derive_key("not in the ring") == plain.derive_key("not in the ring")

    def test_other_salts_and_the_time_of_signing_work_as_in_itsdangerous(self) -> None:
        serializer = signer_of(application())
        value = serializer.dumps({"a": 1}, salt="mail")
        assert serializer.loads(value, salt="mail") == {"a": 1}
        content, moment = serializer.loads(serializer.dumps({"a": 1}), return_timestamp=True)
        assert content == {"a": 1}
        assert abs((datetime.now(UTC) - moment).total_seconds()) < 60
        assert serializer.loads_unsafe(value) == (False, {"a": 1})

    def test_the_keyed_hmac_remembers_only_so_many_keys(self) -> None:
        algorithm = KeyedHMAC(hashlib.sha1)
        first = algorithm.get_signature(b"0", b"value")
        for number in range(2 * REMEMBERED):
            algorithm.get_signature(str(number).encode(), b"value")
        assert len(algorithm._keyed) <= REMEMBERED
        assert algorithm.get_signature(b"0", b"value") == first

    @given(st.binary(max_size=5000))
    def test_what_is_compressed_for_a_cookie_is_read_by_zlib(self, data: bytes) -> None:
        assert zlib.decompress(compress(data)) == data


# --- opening late ------------------------------------------------------------------------


class SeesEverything(SecureCookieSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        raise NotImplementedError


class OpensItself(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        raise NotImplementedError


class AlwaysSends(SecureCookieSessionInterface):
    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        raise NotImplementedError


class SignsOtherwise(SecureCookieSessionInterface):
    salt = "other"

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        raise NotImplementedError


class OwnSession(SecureCookieSessionInterface):
    session_class = type("Own", (SecureCookieSession,), {})


class Duck:
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        raise NotImplementedError

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        raise NotImplementedError


class TestOpeningLate:
    def test_the_default_backend_may_open_late(self) -> None:
        assert SecureCookieSessionInterface().opens_late

    def test_a_backend_that_only_signs_otherwise_may_open_late(self) -> None:
        assert SignsOtherwise().opens_late

    @pytest.mark.parametrize("kind", [SeesEverything, OpensItself, AlwaysSends, OwnSession, Duck])
    def test_a_backend_that_decides_for_itself_may_not(self, kind: type[Duck]) -> None:
        assert not getattr(kind(), "opens_late", False)

    def test_a_method_replaced_on_the_instance_counts(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        backend = SecureCookieSessionInterface()
        monkeypatch.setattr(backend, "save_session", lambda *_: None)
        assert not backend.opens_late

    def test_a_method_replaced_on_the_class_counts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(SecureCookieSessionInterface, "open_session", lambda *_: None)
        assert not SecureCookieSessionInterface().opens_late

    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            (None, False),
            ("", False),
            ("theme=dark", False),
            ("theme=dark; session=x", True),
            ("session =x", True),
        ],
    )
    def test_a_refresh_may_be_needed_when_a_session_cookie_came(
        self, header: str | None, expected: bool
    ) -> None:
        backend = SecureCookieSessionInterface()
        assert backend.must_open_untouched(application(), request(header)) is expected

    def test_no_refresh_is_needed_when_told_not_to(self) -> None:
        app = application(SESSION_REFRESH_EACH_REQUEST=False)
        assert not SecureCookieSessionInterface().must_open_untouched(app, request("session=x"))

    def test_the_name_of_the_cookie_may_be_replaced(self) -> None:
        class Backend(SecureCookieSessionInterface):
            def get_cookie_name(self, app: Flask) -> str:
                return "sid"

        assert Backend().must_open_untouched(application(), request("sid=x"))
        assert not Backend().must_open_untouched(application(), request("session=x"))


# --- beside the real Flask ---------------------------------------------------------------


class TestBesideFlask:
    """Cookies go both ways, so that an application can move without logging its users out."""

    CONTENTS: tuple[dict[str, Any], ...] = (
        {"user_id": 42},
        {"_permanent": True, "_flashes": [("message", "hello")] * 20},
        {"t": (1, 2), "b": b"\x00", "m": Markup("<i>"), "u": UUID(int=1)},
        {"d": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), "n": {"x": [None, 1.5]}, " t": "x"},
        {"text": "grüße 漢字"},
    )

    def flask(self, **config: Any) -> Any:
        flask = pytest.importorskip("flask")
        app = flask.Flask("theirs")
        app.config.update({"SECRET_KEY": KEY, **config})
        return app

    @pytest.mark.parametrize("content", CONTENTS)
    def test_cookies_of_flask_are_read_here(self, content: dict[str, Any]) -> None:
        theirs = self.flask()
        value = theirs.session_interface.get_signing_serializer(theirs).dumps(content)
        assert opened(application(), value) == content

    @pytest.mark.parametrize("content", CONTENTS)
    def test_cookies_from_here_are_read_by_flask(self, content: dict[str, Any]) -> None:
        theirs = self.flask()
        value = sent_cookie(saved(application(), written(content)))
        read = theirs.session_interface.get_signing_serializer(theirs).loads(value)
        assert read == content

    def test_rotated_keys_are_understood_both_ways(self) -> None:
        config: dict[str, Any] = {"SECRET_KEY": "new", "SECRET_KEY_FALLBACKS": ["old", "older"]}
        theirs, ours = self.flask(**config), application(**config)
        for key in ("new", "old", "older"):
            other = self.flask(SECRET_KEY=key)
            value = other.session_interface.get_signing_serializer(other).dumps({"a": 1})
            assert opened(ours, value) == {"a": 1}
        value = signer_of(ours).dumps({"a": 1})
        assert theirs.session_interface.get_signing_serializer(theirs).loads(value) == {"a": 1}
        value = theirs.session_interface.get_signing_serializer(theirs).dumps({"a": 1})
        assert opened(application(SECRET_KEY="new"), value) == {"a": 1}

    @pytest.mark.parametrize("deed", [*LOOKS, *CHANGES])
    def test_headers_are_those_of_flask(self, deed: str) -> None:
        """One touch of a session with one item; the signature and the times aside."""
        touch = LOOKS.get(deed) or CHANGES[deed]
        theirs = self.flask()
        flask = pytest.importorskip("flask")
        theirs.add_url_rule("/", view_func=lambda: str(touch(flask.session) and ""))
        cookie = signer_of(application()).dumps({"a": 1})
        answer = theirs.test_client(use_cookies=False).get(
            "/", headers={"Cookie": f"session={cookie}"}
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
        session = opened(application(), cookie)
        touch(session)
        ours = saved(application(), session)
        assert ours.headers.getlist("Vary") == answer.headers.getlist("Vary")
        assert bool(ours.headers.getlist("Set-Cookie")) == bool(
            answer.headers.getlist("Set-Cookie")
        )
