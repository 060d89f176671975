"""The shortcuts in front of Werkzeug's matcher never find anything else than it does.

Random maps of rules and random paths, from a fixed seed; `TYPEDFLASK_FUZZ` multiplies the cases.
"""

from __future__ import annotations

import os
import random
from itertools import count
from typing import Any

import pytest
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import BaseConverter, RequestRedirect
from werkzeug.routing.matcher import StateMachineMatcher

from tests.matching import map_of
from typedflask import Flask
from typedflask.routing import Rule, bind, find
from typedflask.routing.late_matcher import LateMatcher
from typedflask.routing.rule_map import RuleMap, quick_match

CASES = 40_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))
PATHS_PER_MAP = 50
METHODS = ("GET", "POST", "PUT", "HEAD", "OPTIONS")
SEGMENTS = ("a", "b", "ab", "items", "x1", "")
VARIABLES = (
    "<v{}>",
    "<int:v{}>",
    "<int(signed=True):v{}>",
    "<int(max=50):v{}>",
    "<float:v{}>",
    "<string(length=2):v{}>",
    "<any(a, items):v{}>",
    "<uuid:v{}>",
    "<path:v{}>",
    "<even:v{}>",
    "p<v{}>",
    "<int:v{}>-<w{}>",
    "<v{}>.html",
)
PIECES = (
    *("a", "b", "ab", "items", "x1", "", "", "7", "-7", "50", "51", "1.5", "٣", "pa", "p", "7-x"),
    *("a.html", ".html", "8b1e4c2e-6b52-4d1e-9f3a-0d3c2b1a0f9e", "%41", "é", "a\n", "\n", "a b"),
)


class Even(BaseConverter):
    """Even numbers; refuses the others after the pattern matched."""

    regex = r"\d+"

    def to_python(self, value: str) -> int:
        """The number."""
        from werkzeug.routing import ValidationError

        if int(value) % 2:
            raise ValidationError
        return int(value)


class Noted(Rule):
    """A rule that is numbered when it is made."""

    made = count()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = next(self.made)


def random_rule(chance: random.Random) -> str:
    """The text of a rule."""
    parts: list[str] = []
    for number in range(chance.randint(1, 4)):
        if chance.random() < 0.45:
            parts.append(chance.choice(VARIABLES).format(number, number))
        else:
            parts.append(chance.choice(SEGMENTS))
    return "/" + "/".join(parts)


def random_map(chance: random.Random) -> Flask:
    """An application with a few random rules."""
    app = Flask("random", static_folder=None)
    app.url_rule_class = Noted
    app.url_map.converters["even"] = Even
    app.url_map.strict_slashes = chance.random() < 0.7
    app.url_map.merge_slashes = chance.random() < 0.7
    app.url_map.redirect_defaults = chance.random() < 0.8
    for number in range(chance.randint(1, 8)):
        options: dict[str, Any] = {}
        if chance.random() < 0.15:
            options["strict_slashes"] = chance.random() < 0.5
        if chance.random() < 0.1:
            options["defaults"] = {"v0": chance.choice(["a", 7])}
        if chance.random() < 0.05:
            options["redirect_to"] = "/elsewhere"
        if chance.random() < 0.05:
            options["websocket"] = True
        if chance.random() < 0.05:
            options["build_only"] = True
        if chance.random() < 0.05:
            options["subdomain"] = "api"
        if chance.random() < 0.05:
            options["alias"] = True
        methods = chance.sample(METHODS[:3], chance.randint(1, 2))
        endpoint = f"e{chance.randint(0, number)}"
        try:
            app.add_url_rule(random_rule(chance), endpoint, methods=frozenset(methods), **options)
        except (ValueError, AssertionError, TypeError):
            continue  # a rule that is no rule, such as one that names a variable twice
    return app


def random_path(chance: random.Random) -> str:
    """A path as a server puts it into the environment."""
    text = "/" + "/".join(chance.choice(PIECES) for _ in range(chance.randint(0, 4)))
    return text.encode().decode("latin-1")


def environ_of(path: str, method: str) -> dict[str, Any]:
    """The environment of a request."""
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "q=1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
    }


def described(found: object) -> object:
    """What a match comes to, in values that can be compared."""
    match found:
        case RequestRedirect():
            return ("redirect", found.code, found.new_url)
        case MethodNotAllowed():
            return ("405", sorted(found.valid_methods or ()))
        case HTTPException():
            return type(found).__name__
        case (rule, values):
            return (id(rule), values)
        case _:
            return found


@pytest.mark.no_cover  # in a quarter of the time
def test_shortcuts_agree_with_werkzeug_on_random_rules_and_paths() -> None:
    """
    Whatever a shortcut answers is what Werkzeug's matcher answers, and shortcuts are taken often.
    """
    chance = random.Random(20261121)
    answered = 0
    for _ in range(CASES // PATHS_PER_MAP):
        app = random_map(chance)
        environs = [
            environ_of(random_path(chance), chance.choice(METHODS)) for _ in range(PATHS_PER_MAP)
        ]
        # All before Werkzeug's own matcher is asked, which has every rule compiled at once.
        quick = [[outcome(app, environ, quickly=True) for environ in environs] for _ in "12"]
        late = [outcome(app, environ, quickly=False) for environ in environs]
        url_map: Any = app.url_map
        assert isinstance(url_map._matcher, LateMatcher)
        url_map._matcher = matcher_of_werkzeug(app)
        for environ, first, again, slowly in zip(environs, *quick, late, strict=True):
            expected = outcome(app, environ, quickly=False)
            told = (environ["PATH_INFO"], environ["REQUEST_METHOD"], url_map)
            assert slowly == expected, told
            for found in (first, again):
                assert found in (None, expected), told
                answered += found is not None
    assert answered > CASES / 3


def outcome(app: Flask, environ: dict[str, Any], *, quickly: bool) -> object:
    """What a request comes to by the shortcuts, or by the map's matcher."""
    try:
        if quickly:
            return described(quick_match(map_of(app), environ))
        adapter = bind(app, environ)
        assert adapter is not None
        return described(find(adapter))
    except ValueError as error:  # a default that its rule's converter cannot write
        return str(error)


def matcher_of_werkzeug(app: Flask) -> StateMachineMatcher:
    """A matcher of Werkzeug's own with the rules of a map, in the order they were added."""
    matcher = StateMachineMatcher(app.url_map.merge_slashes)
    rules = [rule for rule in app.url_map.iter_rules() if isinstance(rule, Noted)]
    for rule in sorted(rules, key=lambda rule: rule.number):
        if not rule.build_only:
            matcher.add(rule)
    matcher.update()
    return matcher


@pytest.mark.parametrize("change", ["add", "merge_slashes"])
def test_what_was_remembered_is_forgotten_when_the_map_changes(change: str) -> None:
    """
    A rule added, or a setting changed, after a match was remembered counts at the next request.
    """
    app = Flask("changing", static_folder=None)
    app.add_url_rule("/a", "a", methods=["GET"])
    environ = environ_of("/a", "GET")
    assert isinstance(quick_match(map_of(app), environ), tuple)
    assert isinstance(app.url_map, RuleMap)
    assert app.url_map.as_tree().known["GET"].settled

    if change == "add":
        app.url_map.add(app.url_rule_class("/b", endpoint="b"))
        found = quick_match(map_of(app), environ_of("/b", "GET"))
        assert isinstance(found, tuple)
        assert found[0].endpoint == "b"
    else:
        app.url_map.merge_slashes = False
        assert not app.url_map.as_tree().known


def test_remembered_values_belong_to_one_request() -> None:
    """
    A view that changes the values it was given does not change them for the next request.
    """
    app = Flask("sharing", static_folder=None)
    app.add_url_rule("/a", "a", methods=["GET"], defaults={"page": 1})
    first = quick_match(map_of(app), environ_of("/a", "GET"))
    assert isinstance(first, tuple)
    first[1]["page"] = 99

    again = quick_match(map_of(app), environ_of("/a", "GET"))
    assert isinstance(again, tuple)
    assert again[1] == {"page": 1}


def test_a_client_cannot_fill_the_memory_of_matches() -> None:
    """
    Only rules without variables are remembered, each under one spelling of its path.
    """
    app = Flask("bounded", static_folder=None)
    app.add_url_rule("/a", "a", methods=["GET"])
    app.add_url_rule("/u/<name>", "u", methods=["GET"])
    for number in range(200):
        quick_match(map_of(app), environ_of(f"/u/{number}", "GET"))
        quick_match(map_of(app), environ_of("/" * number + "a", "GET"))
        quick_match(map_of(app), environ_of("/a", f"M{number}"))
        quick_match(map_of(app), environ_of(f"/missing/{number}", "GET"))

    assert isinstance(app.url_map, RuleMap)
    assert list(app.url_map.as_tree().known["GET"].settled) == ["/a"]
    assert list(app.url_map.as_tree().known["GET"].lone) == ["/u"]
    assert list(app.url_map.as_tree().known) == ["GET"]
