"""The headers of a response do what Werkzeug's do, whichever way they are used.

Random uses, from a fixed seed; `TYPEDFLASK_FUZZ` multiplies the cases.
"""

from __future__ import annotations

import copy
import os
import pickle
import random
from collections.abc import Callable
from typing import Any

import pytest
from markupsafe import Markup
from werkzeug.datastructures import Headers as WerkzeugHeaders
from werkzeug.datastructures import MultiDict

from typedflask import Response
from typedflask.responses.headers import AS_MADE, LEARNED, MOST, Headers, headers_of
from typedflask.responses.sendable import look_at

CASES = 20_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))
NAMES = (
    *("X-A", "x-a", "X-B", "X-AB", "Vary", "VARY", "Content-Type", "content-type", "Set-Cookie"),
    # "İ" is two characters when lowered, the Kelvin sign an ASCII one; and names that are none.
    *("İ", "i̇", "I", "K", "k", "K", "ß", "SS", "", "X\nA", Markup("X-A")),
)
ODD_NAMES = (0, -1, 7, None, b"X-A")
ASKING = ("set item", "get", "get or", "get item", "in", "getlist", "delete item", "pop")
VALUES = ("1", "2", "text/html", "", "ü", "a\nb", "a\r", "\r\n", Markup("<b>"), 5, None, b"b", 1.5)
MADE = [("Content-Type", "text/html"), ("Content-Length", "5")]
# Any, in this file: Headers take and give what their caller wants to pass.
Use = Callable[[Any, Any, Any], Any]
USES: dict[str, Use] = {
    "set item": lambda headers, name, value: headers.__setitem__(name, value),
    "set": lambda headers, name, value: headers.set(name, value),
    "set with options": lambda headers, name, value: headers.set(name, value, a_b="c"),
    "add": lambda headers, name, value: headers.add(name, value),
    "add with options": lambda headers, name, value: headers.add(name, value, filename="f"),
    "add_header": lambda headers, name, value: headers.add_header(name, value),
    "setdefault": lambda headers, name, value: headers.setdefault(name, value),
    "setlist": lambda headers, name, value: headers.setlist(name, [value, "more"]),
    "extend": lambda headers, name, value: headers.extend([(name, value)]),
    "update": lambda headers, name, value: headers.update(MultiDict([(name, value)])),
    "get": lambda headers, name, value: headers.get(name),
    "get or": lambda headers, name, value: headers.get(name, value),
    "get as a number": lambda headers, name, value: headers.get(name, value, type=int),
    "get item": lambda headers, name, value: headers[name],
    "in": lambda headers, name, value: name in headers,
    "getlist": lambda headers, name, value: headers.getlist(name),
    "remove": lambda headers, name, value: headers.remove(name),
    "delete item": lambda headers, name, value: headers.__delitem__(name),
    "pop": lambda headers, name, value: headers.pop(name, value),
    "pop last": lambda headers, name, value: headers.pop(),
    "slice": lambda headers, name, value: list(headers[0:2]),
    "set slice": lambda headers, name, value: headers.__setitem__(slice(0, 1), [(name, value)]),
    "clear": lambda headers, name, value: headers.clear() if name == "X-A" else None,
    "length": lambda headers, name, value: len(headers),
    "text": lambda headers, name, value: str(headers),
    "repr": lambda headers, name, value: repr(headers),
    "list": lambda headers, name, value: headers.to_wsgi_list(),
}


def outcome(use: Use, headers: WerkzeugHeaders, name: Any, value: Any) -> tuple[object, ...]:
    """What a use of headers gives or raises, and what it leaves."""
    try:
        given = use(headers, name, value)
    except Exception as error:
        return "raised", type(error), str(error), *headers
    return "gave", type(given), given, *headers


def test_any_use_does_what_it_does_to_werkzeugs_headers() -> None:
    chance = random.Random(45)
    names = list(USES)
    quick = 0
    for _ in range(CASES // 10):
        made = MADE if chance.random() < 0.5 else []
        own = Headers.as_made(made) if made else Headers()
        theirs = WerkzeugHeaders(made)
        done: list[tuple[str, Any, Any]] = []
        for _ in range(10):
            how = chance.choice(names)
            odd = how in ASKING and chance.random() < 0.1  # none of the others refuses such names
            name = chance.choice(ODD_NAMES if odd else NAMES)
            done.append((how, name, chance.choice(VALUES)))
            use = USES[how]
            assert outcome(use, own, *done[-1][1:]) == outcome(use, theirs, *done[-1][1:]), done
            quick += done[-1][0] == "set item" and type(done[-1][1]) is str
        assert own == theirs
        assert MADE == [("Content-Type", "text/html"), ("Content-Length", "5")]
    assert quick > CASES // 100


def test_headers_set_one_after_the_other_are_as_werkzeugs() -> None:
    for name in NAMES[:9]:
        look_at((name, "1"))
    chance, known = random.Random(46), 0
    for _ in range(CASES // 5):
        own, theirs = Headers.as_made(MADE), WerkzeugHeaders(MADE)
        for _ in range(chance.randint(1, 6)):
            value = "1" if chance.random() < 0.8 else chance.choice(VALUES[:5])
            header = chance.choice(NAMES[:9]), value
            if chance.random() < 0.1:
                own.add(*header)
                theirs.add(*header)
            elif chance.random() < 0.1:
                own.add_cookie(f"a={value}")
                theirs.add("Set-Cookie", f"a={value}")
            elif chance.random() < 0.2:
                assert own.setdefault(*header) == theirs.setdefault(*header)
            elif chance.random() < 0.05:
                own[0] = theirs[0] = header
            else:
                own[header[0]] = theirs[header[0]] = header[1]
            assert list(own) == list(theirs)
            pairs = own.to_wsgi_list()
            if Headers.are_looked_at(own, pairs):
                assert pairs[:2] == MADE
                assert not any(look_at(pair) for pair in pairs[2:])
                known += len(pairs) > 2
    assert known > CASES // 20


def test_what_was_added_is_noted_for_a_limited_number_of_headers() -> None:
    for number in range(2 * MOST):
        look_at(("X-Number", str(number)))
        Headers.as_made(MADE)["X-Number"] = str(number)
        assert len(LEARNED) <= MOST
        assert len(AS_MADE.following) <= MOST


def test_headers_that_were_not_sent_before_are_not_noted() -> None:
    before = len(LEARNED)
    for number in range(20):
        Headers.as_made(MADE)["X-Request-Id"] = f"request {number}"
    assert len(LEARNED) == before


def test_headers_are_equal_to_werkzeugs_with_the_same_names_and_values() -> None:
    pairs = [("X-A", "1"), ("Vary", "Cookie")]
    own, theirs = headers_of([("vary", "Cookie"), ("x-a", "1")]), WerkzeugHeaders(pairs)
    assert own == theirs
    assert theirs == own
    assert own == Headers(pairs)
    own.add("X-A", "2")
    assert own != theirs
    assert theirs != own
    assert own != pairs
    with pytest.raises(TypeError, match="unhashable"):
        hash(own)


def test_headers_are_copied_and_pickled_whole() -> None:
    look_at(("X-A", "1"))
    own = Headers.as_made(MADE)
    own["X-A"] = "1"
    for twin in (own.copy(), copy.copy(own), copy.deepcopy(own), pickle.loads(pickle.dumps(own))):
        assert type(twin) is Headers
        assert twin == own
        twin["X-A"] = "2"
        assert own["X-A"] == "1"


def test_the_list_for_the_server_is_the_servers() -> None:
    own = Headers([("X-A", "1")])
    own.to_wsgi_list().append(("Server", "s"))
    assert "Server" not in own


@pytest.mark.parametrize(
    "response",
    [Response("x"), Response(["x"]), Response("x", 201), Response(None), Response("x", headers={})],
)
def test_responses_have_such_headers_however_they_are_made(response: Response) -> None:
    assert type(response.headers) is Headers


def test_headers_that_are_given_are_kept() -> None:
    given = WerkzeugHeaders([("X-A", "1")])
    assert Response("x", headers=given).headers is given
