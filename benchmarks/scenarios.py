"""The table of what is measured: requests, the answers they must get, and the floors to reach.

A row does not name its contenders: whoever has an application for a row takes part in it
(`contenders`), so a framework without sessions is simply absent from the session rows.

Most rows send several different requests in turn, so that remembering the last answer wins nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

from benchmarks.asks import Ask, Expected, json_of, text
from benchmarks.exchange import WrongAnswer, ask, checked

MATERIAL: Final = Path(__file__).parent / "material"
"""Templates and static files that all contenders serve."""

VARIANTS: Final = 16
"""How many different requests a row sends in turn."""

Asks: TypeAlias = Callable[[WSGIApplication], Sequence[Ask]]
"""The requests of a row; they may depend on the application, whose cookies only it can sign."""

Proof: TypeAlias = Callable[[WSGIApplication], None]
"""A check that needs more than one request.

:raises WrongAnswer: if the application does not do what it pretends to do.
"""


class Floors(NamedTuple):
    """How many times as fast as Flask typedflask has to be."""

    now: float
    """What it is held to; a run with `--floors` fails below it."""

    least: float
    """What the finished project must reach."""

    aim: float
    """What it should reach."""


LEVEL: Final = 0.9
"""From how many times as fast as Falcon on typedflask counts as level with it."""

LEVEL_WITH_FALCON: Final = frozenset({"plain", "json", "route", "hooks", "missing", "stream"})
"""The rows in which it must be; it must be ahead of Bottle in all rows that both serve."""


class Unit(NamedTuple):
    """The unit a row is printed in, and how many of it make one second or one byte."""

    name: str
    per_base: float


MICROSECONDS: Final = Unit("µs", 1e6)
MILLISECONDS: Final = Unit("ms", 1e3)
MEGABYTES: Final = Unit("MB", 1e-6)


def no_requests(app: WSGIApplication) -> Sequence[Ask]:
    """For rows that measure something other than requests."""
    return ()


def no_proof(app: WSGIApplication) -> None:
    """For rows whose answers say everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One row of the table."""

    name: str
    title: str
    floors: Floors
    asks: Asks = no_requests
    proof: Proof = no_proof
    unit: Unit = MICROSECONDS
    once: bool = False
    """Measure a single operation per sample, because one is long enough."""


# --- requests that are the same for every application ------------------------------------

GREETING: Final = "Hello, world!"
NOT_HERE: Final = "Nothing is kept here."
PRODUCT: Final[dict[str, object]] = {
    "id": 4711,
    "name": "Tea cosy",
    "price": 12.5,
    "in stock": True,
    "colours": ["red", "dark green", "naïve blue"],
    "maker": {"name": "Ann", "country": None},
}
CHUNKS: Final = tuple(f"<li>entry {number}</li>\n" for number in range(10))
USERS: Final = tuple(f"ann{number}" for number in range(VARIANTS))
ROWS: Final[tuple[dict[str, object], ...]] = tuple(
    {"number": number, "name": f"Cup <{number}> & saucer", "price": f"{number / 4:.2f}"}
    for number in range(50)
)


def plain_asks(app: WSGIApplication) -> Sequence[Ask]:
    return (Ask(path="/", expects=text(GREETING)),)


def json_asks(app: WSGIApplication) -> Sequence[Ask]:
    return (Ask(path="/product", expects=json_of(PRODUCT)),)


def order(number: int) -> dict[str, object]:
    """The body of one order."""
    lines = [{"item": item, "count": number + item} for item in range(4)]
    return {"customer": USERS[number], "express": number % 2 == 0, "lines": lines}


def json_body_asks(app: WSGIApplication) -> Sequence[Ask]:
    return tuple(
        Ask(
            path="/orders",
            method="POST",
            body=json.dumps(order(number)).encode(),
            content_type="application/json",
            expects=json_of({"customer": USERS[number], "pieces": 4 * number + 6}),
        )
        for number in range(VARIANTS)
    )


def route_asks(app: WSGIApplication) -> Sequence[Ask]:
    return tuple(
        Ask(path=f"/section{number * 6}/{1000 + number}", expects=text(f"item {1000 + number}"))
        for number in range(VARIANTS)
    )


def query_asks(app: WSGIApplication) -> Sequence[Ask]:
    return tuple(
        Ask(
            path="/search",
            query=urlencode(
                [("q", f"café {user}"), ("page", number), ("tag", "a b"), ("tag", "c")]
            ),
            cookie=f"theme=dark; user={user}; consent=all",
            expects=text(f"café {user}|{number}|a b,c|dark|{user}"),
        )
        for number, user in enumerate(USERS)
    )


def form_asks(app: WSGIApplication) -> Sequence[Ask]:
    return tuple(
        Ask(
            path="/entries",
            method="POST",
            content_type="application/x-www-form-urlencoded",
            body=urlencode(
                {"title": f"Über {user}", "text": "one & two = three", "draft": "on"}
            ).encode(),
            expects=text(f"Über {user}|one & two = three|on"),
        )
        for user in USERS
    )


def missing_asks(app: WSGIApplication) -> Sequence[Ask]:
    return tuple(
        Ask(path=f"/missing/{number}", expects=text(NOT_HERE, status=404))
        for number in range(VARIANTS)
    )


def stream_asks(app: WSGIApplication) -> Sequence[Ask]:
    return (Ask(path="/stream", expects=text("".join(CHUNKS))),)


def links(number: int) -> str:
    """The URLs of one page, as every contender must build them."""
    items = [f"/items/{item}" for item in range(number, number + 5)]
    return "\n".join(
        ["/", "/about", "/static/style.css", *items, "/items/7/edit", "/users/ann/posts/3"]
    )


def link_asks(app: WSGIApplication) -> Sequence[Ask]:
    return tuple(
        Ask(path=f"/links/{number}", expects=text(links(number))) for number in range(VARIANTS)
    )


def static_asks(app: WSGIApplication) -> Sequence[Ask]:
    content = (MATERIAL / "static" / "style.css").read_bytes()
    wanted = Expected(
        content.__eq__,
        f"the {len(content)} bytes of style.css",
        media_type="text/css",
        headers={"Content-Length": str(len(content)), "Last-Modified": None},
    )
    return (Ask(path="/static/style.css", expects=wanted),)


def template_asks(app: WSGIApplication) -> Sequence[Ask]:
    def whole(body: bytes) -> bool:
        page = body.decode()
        return (
            page.startswith("<!doctype html>")
            and page.rstrip().endswith("</html>")
            and page.count("<h1>Offers for &lt;ann&gt;</h1>") == 1
            and page.count("<tr class=") == len(ROWS)
            and page.count("&gt; &amp; saucer</td>") == len(ROWS)
        )

    wanted = Expected(whole, "a whole page with 50 rows and its markup escaped")
    return (Ask(path="/page", expects=wanted),)


# --- sessions ----------------------------------------------------------------------------


def signed_in(app: WSGIApplication, user: str) -> str:
    """The cookie of a client that has just signed in."""
    wanted = text("welcome", headers={"Set-Cookie": None})
    answer = checked(app, Ask(path="/login", query=f"user={user}", method="POST", expects=wanted))
    return answer.cookie()


def session_read_asks(app: WSGIApplication) -> Sequence[Ask]:
    return tuple(
        Ask(
            path="/me",
            cookie=signed_in(app, user),
            expects=text(f"{user} has seen 0 pages", headers={"Vary": "Cookie"}),
        )
        for user in USERS
    )


def session_write_asks(app: WSGIApplication) -> Sequence[Ask]:
    return tuple(
        Ask(
            path="/visit",
            cookie=signed_in(app, user),
            expects=text("1", headers={"Vary": "Cookie", "Set-Cookie": None}),
        )
        for user in USERS
    )


def session_round_trip(app: WSGIApplication) -> None:
    """What one request wrote the next one reads, and a forged cookie reads as an empty session."""
    cookie = signed_in(app, "ann")
    for visits in ("1", "2", "3"):
        wanted = text(visits, headers={"Set-Cookie": None})
        cookie = checked(app, Ask(path="/visit", cookie=cookie, expects=wanted)).cookie()
    checked(app, Ask(path="/me", cookie=cookie, expects=text("ann has seen 3 pages")))
    name, _, value = cookie.partition("=")
    forged = f"{name}={value[:-4]}AAAA"
    checked(app, Ask(path="/me", cookie=forged, expects=text("nobody has seen 0 pages")))


# --- hooks -------------------------------------------------------------------------------


def hook_asks(app: WSGIApplication) -> Sequence[Ask]:
    marks = {f"X-After-{number}": "ran" for number in (1, 2, 3)}
    return (Ask(path="/hooked", expects=text("before 1 2 3", headers=marks)),)


def teardowns_ran(app: WSGIApplication) -> None:
    """Three teardown functions ran once more for each request in between."""
    counter = Ask(path="/teardowns", expects=text(""))
    before = [int(part) for part in ask(app, counter).body.split()]
    checked(app, hook_asks(app)[0])
    after = [int(part) for part in ask(app, counter).body.split()]
    # Two requests have ended in between: the first one for the counters, and the one above.
    if len(before) != 3 or after != [count + 2 for count in before]:
        raise WrongAnswer(f"three teardown functions were counted {before}, then {after}")


# --- the table ---------------------------------------------------------------------------

# No row may be slower than Flask now; rows without sessions and templates must be three times
# as fast, where the floor of the finished project is not lower than that itself.
SCENARIOS: Final[tuple[Scenario, ...]] = (
    Scenario(
        name="plain-key",
        title="plain text, secret key set",
        floors=Floors(8.0, 8.0, 12.0),
        asks=plain_asks,
    ),
    Scenario(
        name="plain",
        title="plain text, no secret key",
        floors=Floors(5.0, 5.0, 8.0),
        asks=plain_asks,
    ),
    Scenario(name="json", title="JSON result", floors=Floors(8.0, 8.0, 12.0), asks=json_asks),
    Scenario(
        name="json-body",
        title="JSON body in and out",
        floors=Floors(7.0, 7.0, 11.0),
        asks=json_body_asks,
    ),
    Scenario(
        name="route",
        title="`<int:id>` among 200 routes",
        floors=Floors(7.0, 7.0, 11.0),
        asks=route_asks,
    ),
    Scenario(
        name="query",
        title="query string and cookies",
        floors=Floors(4.0, 4.0, 7.0),
        asks=query_asks,
    ),
    Scenario(name="form", title="form", floors=Floors(5.0, 5.0, 9.0), asks=form_asks),
    Scenario(
        name="session-read",
        title="session read",
        floors=Floors(2.5, 2.5, 6.0),
        asks=session_read_asks,
        proof=session_round_trip,
    ),
    Scenario(
        name="session-write",
        title="session read and write",
        floors=Floors(2.2, 2.2, 7.0),
        asks=session_write_asks,
        proof=session_round_trip,
    ),
    Scenario(
        name="hooks",
        title="3 before, 3 after, 3 teardown hooks",
        floors=Floors(8.0, 8.0, 12.0),
        asks=hook_asks,
        proof=teardowns_ran,
    ),
    Scenario(
        name="missing",
        title="404 with a handler",
        floors=Floors(7.0, 7.0, 10.0),
        asks=missing_asks,
    ),
    Scenario(
        name="stream",
        title="streaming generator, 10 chunks",
        floors=Floors(7.0, 7.0, 11.0),
        asks=stream_asks,
    ),
    Scenario(name="links", title="ten `url_for`", floors=Floors(4.0, 4.0, 6.0), asks=link_asks),
    Scenario(
        name="static",
        title="static file, 10 KB",
        floors=Floors(3.0, 3.0, 4.5),
        asks=static_asks,
    ),
    Scenario(
        name="template",
        title="Jinja page, inheritance, 50 rows",
        floors=Floors(1.4, 1.4, 1.7),
        asks=template_asks,
    ),
    Scenario(
        name="proxies",
        title="an attribute each through `request`, `session`, `g`",
        floors=Floors(5.0, 5.0, 8.0),
    ),
    Scenario(
        name="register",
        title="registering 1,000 routes, first answer",
        floors=Floors(5.0, 5.0, 10.0),
        unit=MILLISECONDS,
        once=True,
    ),
    Scenario(
        name="import-alone",
        title="import of the package alone, time",
        floors=Floors(1.25, 1.25, 1.5),
        unit=MILLISECONDS,
        once=True,
    ),
    Scenario(
        name="memory-alone",
        title="import of the package alone, memory",
        floors=Floors(1.25, 1.25, 1.5),
        unit=MEGABYTES,
        once=True,
    ),
    # With the class of applications, as programs import it; nine tenths of that are Werkzeug.
    Scenario(
        name="import",
        title="import, time",
        floors=Floors(1.2, 1.25, 1.5),
        unit=MILLISECONDS,
        once=True,
    ),
    Scenario(
        name="memory",
        title="import, memory",
        floors=Floors(1.2, 1.25, 1.5),
        unit=MEGABYTES,
        once=True,
    ),
)
