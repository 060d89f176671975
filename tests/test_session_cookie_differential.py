"""The short ways of session cookies give what itsdangerous and Werkzeug give, whatever comes.

Random input from a fixed seed, malformed more often than not; `TYPEDFLASK_FUZZ` multiplies it.
"""

from __future__ import annotations

import hashlib
import os
import random
import warnings
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import int_to_bytes
from markupsafe import Markup
from werkzeug.sansio.http import parse_cookie
from werkzeug.test import create_environ

from typedflask import Request, Response
from typedflask.json import codec
from typedflask.json.tag import JSONTag, TaggedJSONSerializer
from typedflask.json.tagless import plain_text
from typedflask.sessions import exchange, ids, signing
from typedflask.sessions.exchange import cookie_of, set_cookie, vary_on_cookie
from typedflask.sessions.signing import CookieSerializer

# Any, in this file: a session holds anything.

CASES = 20_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))
NOW = 1_800_000_000
LIFETIME = 3600


def general_json() -> TaggedJSONSerializer:
    """Tagged JSON that asks every tag about every value, and looks at every value for tags."""

    class General(TaggedJSONSerializer):
        def tag(self, value: object) -> Any:
            return super().tag(value)

        def untag(self, value: dict[str, Any]) -> Any:
            return super().untag(value)

    return General()


# --- random content ------------------------------------------------------------------------

TEXTS = (
    "",
    "a",
    " t",
    " d",
    '"',
    '" t',
    "\\",
    "\\u0020t",
    "grüße",
    "漢",
    "😀",
    "\x7f",
    "\x00",
    "null",
)
KEYS = ("user", "a", " t", " b", " di", " di__", "", " ", "_permanent", "é", 'x" ')
LEAVES: tuple[Callable[[random.Random], Any], ...] = (
    lambda chance: chance.choice(TEXTS),
    lambda chance: chance.choice(TEXTS) * chance.randrange(40),
    lambda chance: chance.choice((0, 1, -7, 2**53 + 1, 2**63, 2**64, -(2**70), True, False, None)),
    lambda chance: chance.choice(
        (0.0, -0.0, 1.5, 1e300, float("inf"), float("-inf"), float("nan"))
    ),
    lambda chance: chance.randbytes(chance.randrange(9)),
    lambda chance: Markup(chance.choice(TEXTS)),
    lambda chance: UUID(int=chance.getrandbits(128)),
    lambda chance: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**8)),
    lambda chance: bytes(chance.randbytes(300)).hex(),
)


def random_value(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.randrange(10)
    if depth > 3 or kind < 5:
        # The first ones need no tag, and so come more often.
        return chance.choice(LEAVES[: chance.choice((2, 3, len(LEAVES)))])(chance)
    items = [random_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind < 7:
        return {chance.choice(KEYS): item for item in items}
    return tuple(items) if kind == 7 else items


def random_session(chance: random.Random) -> Any:
    """Mostly a dict."""
    if chance.randrange(20) == 0:
        return random_value(chance)
    return {key: random_value(chance, 1) for key in chance.sample(KEYS, chance.randrange(5))}


# --- tagged JSON ---------------------------------------------------------------------------


def test_values_are_written_and_read_as_when_every_tag_is_asked() -> None:
    chance = random.Random(5)
    quick, general = TaggedJSONSerializer(), general_json()
    short = 0
    for _ in range(CASES):
        value = random_session(chance)
        text = quick.dumps(value)
        assert text == general.dumps(value), value
        assert repr(quick.loads(text)) == repr(general.loads(text)), value
        again = quick.plain(text)
        if again is not None:
            assert repr(quick.load_plain(again)) == repr(general.loads(text)), value
        short += plain_text(value, quick.tags) is not None
    if codec.ORJSON is not None:
        assert CASES / 10 < short < CASES  # both ways were taken


JSON_PIECES = (
    *('{" t":[1]}', '{" t" :[1]}', '{ " t":[1]}', '{"\\u0020t":[1]}', '{" b":"AA=="}', '{" t":1}'),
    *(
        '{"a":1}',
        '{"a":" b"}',
        '"a"',
        "1",
        "NaN",
        "null",
        "[",
        "]",
        ",",
        ":",
        "{",
        "}",
        " ",
        '" t"',
    ),
)


def test_any_text_is_read_as_when_every_value_is_looked_at() -> None:
    chance = random.Random(6)
    quick, general = TaggedJSONSerializer(), general_json()
    good = 0
    for _ in range(CASES):
        pieces = chance.choices(JSON_PIECES, k=chance.randrange(4))
        text = "[" + ",".join(pieces) + "]" if chance.randrange(2) else "".join(pieces)
        ours, theirs = outcome(quick.loads, text), outcome(general.loads, text)
        assert ours == theirs, text
        plain = quick.plain(text)
        assert plain is None or outcome(quick.load_plain, plain) == theirs, text
        good += not ours.startswith("raised")
    assert CASES / 10 < good < CASES


def test_text_is_read_again_with_the_tags_there_are_then() -> None:
    class TagOther(JSONTag):
        key = "user"

        def check(self, value: object) -> bool:
            return False

        def to_json(self, value: object) -> object:
            return value

        def to_python(self, value: object) -> object:
            return [value]

    quick = TaggedJSONSerializer()
    plain = quick.plain('{"user":1}')
    assert plain is not None
    assert quick.load_plain(plain) == {"user": 1}
    quick.register(TagOther)
    assert quick.load_plain(plain) == quick.loads('{"user":1}') == [1]
    assert quick.plain('{"user":1}') is None


# --- signing -------------------------------------------------------------------------------

PAYLOAD = general_json()
METHODS = (hashlib.sha1, hashlib.sha256)


def outcome(function: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    """What a function gives or raises; its repr, because NaN is not itself."""
    try:
        return repr(function(*arguments, **named))
    except Exception as error:
        return f"raised {type(error).__name__}"


class Pair:
    """The serializer of this package and that of itsdangerous, with the same keys and clock."""

    def __init__(self, chance: random.Random) -> None:
        keys = [b"oldest", b"old", b"new"][chance.randrange(3) :]
        method = chance.choice(METHODS)
        arguments = {"key_derivation": "hmac", "digest_method": method}
        self.ours = CookieSerializer(tuple(keys), "salt", "hmac", method, TaggedJSONSerializer())
        self.theirs = URLSafeTimedSerializer(keys, "salt", PAYLOAD, signer_kwargs=arguments)
        self.one_key = URLSafeTimedSerializer(
            chance.choice((*keys, b"foreign")), "salt", PAYLOAD, signer_kwargs=arguments
        )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What all signers take for the time."""
    clock = {"now": NOW}
    monkeypatch.setattr("itsdangerous.TimestampSigner.get_timestamp", lambda _: clock["now"])
    return clock


STAMPS = (
    lambda chance: int_to_bytes(NOW - chance.randrange(-2, 2 * LIFETIME)),
    lambda chance: int_to_bytes(chance.choice((0, 1, 2**32, 2**40, 2**63, NOW, NOW - LIFETIME))),
    lambda chance: chance.randbytes(chance.randrange(10)),
)


def signed_by_hand(chance: random.Random, pair: Pair) -> str:
    """A good signature over what itsdangerous would hardly have written."""
    text = TaggedJSONSerializer().dumps(random_session(chance)).encode()
    flag = chance.choice((b"", b"."))
    data = chance.choice(
        (text, zlib.compress(text), chance.randbytes(9), text[:-1], text + b"\xff")
    )
    padding = chance.choice((b"", b"=", b"=="))
    payload = flag + urlsafe_b64encode(data).rstrip(b"=") + padding
    stamp = urlsafe_b64encode(chance.choice(STAMPS)(chance)).rstrip(b"=")
    value = chance.choice((payload + b"." + stamp, payload + b".." + stamp, payload, stamp))
    signer = pair.one_key.make_signer()
    return (value + b"." + signer.get_signature(value)).decode()


def damaged(chance: random.Random, value: str) -> str:
    """A cookie after an accident, or an attempt."""
    place = chance.randrange(len(value) + 1)
    letter = chance.choice("aA0-_+/=.! \n\u00e9\u20ac\ud800")
    return chance.choice(
        (
            value[:place] + letter + value[place + 1 :],
            value[:place] + letter + value[place:],
            value[:place] + value[place + 1 :],
            value[:place],
            value[place:],
            value.replace("-", "+").replace("_", "/"),
            value[:-1] + chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
            value + "=",
            value.replace(".", "", 1),
            f" {value}",
        )
    )


def random_cookie(chance: random.Random, pair: Pair) -> str:
    kind = chance.randrange(10)
    if kind < 3:
        return signed_by_hand(chance, pair)
    writer = chance.choice((pair.ours, pair.theirs, pair.one_key))
    value = str(writer.dumps(random_session(chance)))
    return value if kind < 6 else damaged(chance, value)


@pytest.mark.no_cover  # in a quarter of the time
def test_cookies_are_read_as_itsdangerous_reads_them(clock: dict[str, int]) -> None:
    chance = random.Random(7)
    pair, good = Pair(chance), 0
    for number in range(CASES):
        if number % 50 == 0:
            pair = Pair(chance)
        cookie = random_cookie(chance, pair)
        clock["now"] = NOW + chance.choice((0, 0, 0, 1, LIFETIME, LIFETIME + 1, -1))
        expected = outcome(pair.theirs.loads, cookie, max_age=LIFETIME)
        assert outcome(pair.ours.read, cookie, LIFETIME) == expected, cookie
        assert outcome(pair.ours.loads, cookie, max_age=LIFETIME) == expected, cookie
        clock["now"] += chance.choice((0, 0, 1, LIFETIME, -LIFETIME))
        again = outcome(pair.theirs.loads, cookie, max_age=LIFETIME)
        assert outcome(pair.ours.read, cookie, LIFETIME) == again, cookie
        good += not expected.startswith("raised")
        clock["now"] = NOW
    assert CASES / 5 < good < CASES * 4 / 5


def test_only_so_many_good_cookies_are_kept_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signing, "MOST_READ", 3)
    ours = Pair(random.Random(1)).ours
    good = [ours.dumps({"number": number}) for number in range(5)]
    for number, cookie in enumerate(good):
        assert ours.read(cookie, LIFETIME) == {"number": number}
    assert list(ours._good) == good[3:]
    noise = random.Random(2).randbytes(600).hex()
    for cookie in (good[0][:-1], ours.dumps({"a": "x" * 2000}), ours.dumps({"a": noise})):
        outcome(ours.read, cookie, LIFETIME)
    assert list(ours._good) == good[3:]


def test_what_was_read_before_is_another_object_each_time() -> None:
    ours = Pair(random.Random(1)).ours
    cookie = ours.dumps({"cart": ["apple"]})
    ours.read(cookie, LIFETIME)["cart"].append("pear")
    assert ours.read(cookie, LIFETIME) == {"cart": ["apple"]}


@pytest.mark.no_cover  # in a quarter of the time
def test_cookies_are_written_as_itsdangerous_writes_them(clock: dict[str, int]) -> None:
    """The same text, as long as it is too small to be compressed, and else the same content."""
    chance = random.Random(8)
    pair, packed = Pair(chance), 0
    for number in range(CASES):
        if number % 50 == 0:
            pair = Pair(chance)
            clock["now"] = chance.choice((NOW, 0, 1, 2**32, 2**33))
        content = random_session(chance)
        cookie = pair.ours.dumps(content)
        theirs = pair.theirs.dumps(content)
        if not cookie.startswith(".") and not str(theirs).startswith("."):
            assert cookie == theirs
        read = outcome(pair.theirs.loads, cookie, max_age=LIFETIME)
        assert read == outcome(pair.theirs.loads, theirs, max_age=LIFETIME)
        assert not read.startswith("raised")
        packed += cookie.startswith(".")
    assert CASES / 50 < packed < CASES


# --- headers -------------------------------------------------------------------------------

COOKIE_PIECES = (
    *("session", "session=", "session=", "session=a.b-c_d", "; ", "; ", "; ", ";", " ", "\t", ","),
    *("=", '"', '"a;session=1"', "\\", "x=1", "mysession=2", "session2=3", "Session=4", "é", "Ã©"),
    *("a=b; session=v", "v", "-", "\n", "session =5", "session= 6", "%20"),
)
WHOLE_COOKIES = (
    *("session=a.b-c_d", "session=", "session", "session =5", "session= 6", "session=a b", "x=1"),
    *(
        "mysession=2",
        "session2=3",
        "Session=4",
        'session="a\\054"',
        'q="; session=7"',
        "é=1",
        "s=8",
    ),
)


def random_header(chance: random.Random) -> str:
    if chance.randrange(2):
        return "; ".join(chance.choices(WHOLE_COOKIES, k=chance.randrange(4)))
    return "".join(chance.choices(COOKIE_PIECES, k=chance.randrange(8)))


def test_a_cookie_is_found_where_werkzeug_finds_it() -> None:
    chance = random.Random(9)
    names = (*("session",) * 9, "s", "x", "no", "é", "a=b", "")
    environ = create_environ()
    found = 0
    for _ in range(CASES):
        header = random_header(chance)
        environ["HTTP_COOKIE"] = header
        name = chance.choice(names)
        ours = outcome(cookie_of, Request(environ), name)
        assert ours == outcome(parse_cookie(header).get, name), header
        name = chance.choice((name, name, "session"))
        again = outcome(cookie_of, Request(environ), name)
        assert again == outcome(parse_cookie(header).get, name), header
        found += ours.startswith("'")
    assert CASES / 5 < found < CASES * 4 / 5


def test_only_so_many_headers_are_kept_and_no_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MOST_SEEN", 3)
    monkeypatch.setattr(exchange, "SEEN", {})
    headers = [f"session={number}" for number in range(5)]
    for header in (*headers, "session=" + "x" * 2000, 'session="6"', "other=7"):
        request = Request(create_environ(headers={"Cookie": header}))
        assert cookie_of(request, "session") == parse_cookie(header).get("session")
    assert list(exchange.SEEN) == headers[3:]


def random_attributes(chance: random.Random) -> tuple[Any, ...]:
    moment = datetime.fromtimestamp(NOW + chance.random() * 9, UTC)
    return (
        chance.choice((None, None, moment, moment.astimezone(timezone(timedelta(hours=1))))),
        chance.choice((None, "/", "/shop", "/grüße;x", "")),
        chance.choice((None, None, "example.com", ".example.com", "bücher.example", "")),
        chance.choice((True, False, 1, 0, None)),
        chance.choice((True, False, 1, 0, None)),
        chance.choice((None, "Lax", "strict", "None", "lax")),
        chance.choice((True, False)),
    )


NAMES = ("expires", "path", "domain", "secure", "httponly", "samesite", "partitioned")
VALUES = ("", "v", "abc.DEF-_1", "a b", '"', "é", "a;b", "a\n", "x" * 4000)


def test_a_cookie_is_set_as_werkzeug_sets_it() -> None:
    chance = random.Random(10)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        compare_cookies_set(chance, warned)


def compare_cookies_set(chance: random.Random, warned: list[warnings.WarningMessage]) -> None:
    for _ in range(CASES):
        name = chance.choice(("session", "a-b", "é", "x=y"))
        value, attributes = chance.choice(VALUES), random_attributes(chance)
        ours, theirs = Response(), Response()
        set_cookie(ours, name, value, *attributes)
        told = [str(warning.message) for warning in warned]
        warned.clear()
        theirs.set_cookie(name, value, **dict(zip(NAMES, attributes, strict=True)))
        assert list(ours.headers) == list(theirs.headers)
        assert told == [str(warning.message) for warning in warned]
        warned.clear()


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Vary", "Accept")],
        [("vary", "cookie")],
        [("VARY", "A"), ("Vary", "B")],
        [("Vary", "Cookie"), ("Vary", "B")],
        [("Very", "x")],
    ],
    ids=str,
)
def test_vary_is_set_as_werkzeug_sets_it(headers: list[tuple[str, str]]) -> None:
    ours, theirs = Response(headers=headers), Response(headers=headers)
    vary_on_cookie(ours)
    theirs.vary.add("Cookie")
    assert list(ours.headers) == list(theirs.headers)


def test_a_response_that_sets_cookies_its_own_way_is_asked() -> None:
    class Own(Response):
        def set_cookie(self, *args: Any, **kwargs: Any) -> None:
            asked.append(args[:2])

    asked: list[object] = []
    attributes = None, "/", None, False, True, None, False
    set_cookie(Own(), "session", "v", *attributes)
    replaced = Response()
    vars(replaced)["set_cookie"] = lambda *args, **kwargs: asked.append(args)
    set_cookie(replaced, "session", "w", *attributes)
    assert asked == [("session", "v"), ("session", "w")]


def test_cookies_of_a_class_of_requests_are_asked_for() -> None:
    class Own(Request):
        @property
        def cookies(self) -> Any:
            return {"session": "own"}

    environ = create_environ(headers={"Cookie": "session=sent"})
    assert cookie_of(Request(environ), "session") == "sent"
    assert cookie_of(Own(environ), "session") == "own"
    assert cookie_of(Own(environ), "session") == "own"
    changed = Request(environ)
    vars(changed)["cookies"] = {"session": "put there"}
    assert cookie_of(changed, "session") == "put there"


def test_tickets_that_were_good_before_are_known_and_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ids, "MOST_READ", 3)
    signer = ids.TicketSigner((b"old", b"new"), "salt")
    tickets = [ids.Ticket(ids.new_id(), number) for number in range(5)]
    cookies = [signer.write(ticket) for ticket in tickets]
    for _ in range(2):
        found = [signer.read(cookie) for cookie in cookies]
        assert found == [ids.SignedTicket(ticket, newest_key=True) for ticket in tickets]
        assert len(signer._good) <= 3
    older = ids.TicketSigner((b"old",), "salt").write(tickets[0])
    for _ in range(2):
        assert signer.read(older) == ids.SignedTicket(tickets[0], newest_key=False)
        assert signer.read(cookies[0][:-1] + "!") is None
        assert signer.read("garbage") is None
    assert not {"garbage", cookies[0][:-1] + "!"} & signer._good.keys()
