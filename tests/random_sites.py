"""Applications and requests drawn at random, the same from the same seed.

An application gets rules, blueprints, hooks, error handlers, settings, classes and overridden steps of
all kinds; requests hit, nearly hit or miss its rules, well formed or not.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests import test_shortcuts_changes as changes
from tests import test_shortcuts_kinds as kinds
from tests.both_ways import Notes, Sent
from tests.shortcut_requests import CONDITIONS, FILE, FORM, MULTIPART, PARTS, UPGRADE
from tests.shortcut_site import RESULTS, OwnError, hear_signals, made_empty
from tests.test_shortcuts_overrides import STEPS, noted
from typedflask import Blueprint, Flask, abort, flash, g, request, session, url_for

# Any, in this file: hooks, views and steps take and give anything.

PIECES = (
    *("a", "b", "item", "<x>", "<string(length=2):x>", "<int:x>", "<int(signed=True, max=9):x>"),
    *("<float:x>", "<path:x>", "<any(a, b, item):x>", "<uuid:x>", "v<int:x>", "<int:x>.html"),
)
SAMPLES = (
    *("a", "b", "item", "ab", "1", "01", "-3", "1.5", "v2", "7.html", "ü b", "", "..", "%41"),
    "00000000-0000-0000-0000-000000000005",
)
FITTING = {
    "<int": ("1", "01", "7"),
    "<float": ("1.5", "2.0"),
    "<any": ("a", "b", "item"),
    "<uuid": ("00000000-0000-0000-0000-000000000005",),
    "<string": ("ab", "üx"),
    "v<int": ("v2", "v03"),
    "<path": ("a", "ü b", "a%20b"),
    "<x": ("a", "7", "ü b", "-"),
}
"""Texts for variables, by how their part of a rule begins."""
METHODS = (*["GET"] * 12, "HEAD", "HEAD", "POST", "PUT", "OPTIONS", "STRANGE", "get")
HOSTS = ("example.org", "api.example.org", "other.net:8080", "EXAMPLE.org:80", "ex ample", "", None)
PREFIXES = ("/p", "/p/", "/<int:pre>", "/in")
CODES = (400, 404, 405, 410, 418, 500)


NO_RULE = (ValueError, TypeError, SyntaxError)
"""What keeps a rule from being one: a default its converter refuses, a variable that is there twice."""


def draw_path(chance: random.Random) -> str:
    """A rule's path, each variable once."""
    pieces = [
        chance.choice(PIECES).replace("x>", f"x{number}>")
        for number in range(chance.choice([0, 1, 1, 2, 2, 3]))
    ]
    return "/" + "/".join(pieces) + (chance.choice(["", "/"]) if pieces else "")


def draw_options(chance: random.Random, app: Flask, number: int) -> dict[str, Any]:
    """Options of a rule."""
    options: dict[str, Any] = {}
    if chance.random() < 0.4:
        methods = chance.sample(["GET", "POST", "PUT", "HEAD"], chance.randint(1, 2))
        options["methods"] = [*methods, chance.choice(["GET", "POST"])]
    if chance.random() < 0.15:
        options["provide_automatic_options"] = chance.choice([None, False, True])
    for name in ("strict_slashes", "merge_slashes"):
        if chance.random() < 0.15:
            options[name] = chance.random() < 0.5
    if chance.random() < 0.1:
        options["defaults"] = {f"x{chance.randint(0, 2)}": chance.choice([1, "a"])}
    if chance.random() < 0.1:
        odd: Any = [("build_only", True), ("alias", True), ("websocket", True)]
        options |= dict([chance.choice([*odd, ("redirect_to", "moved/here")])])
    if app.url_map.host_matching:
        options["host"] = chance.choice(["example.org", "<who>.example.org", "other.net:8080"])
    elif chance.random() < (0.5 if app.subdomain_matching else 0.03):
        options["subdomain"] = chance.choice(["api", "<who>", ""])
    return options


def draw_view(chance: random.Random, kept: bool) -> Callable[..., Any]:
    """What answers: with all kinds of results, or telling what it was asked.

    :param kept: whether results reach the client. A stream that does not ends its request when it is
        collected, which may be at any time.
    """
    kind = chance.random()
    if kind < 0.6:
        name = chance.choice(list(RESULTS))
        page = RESULTS[name if kept or name != "context-stream" else "stream"]
        return lambda **values: page()

    build: Callable[..., str] = url_for

    def tell(**values: object) -> str:
        told = [request.method, repr(request.endpoint), repr(sorted(values.items())), request.url]
        for options in ({}, {"_external": True}, {"_anchor": "x", "more": "1"}):
            try:
                told.append(build(request.endpoint, **(values | options)))
            except Exception as error:
                told.append(type(error).__name__)
        told.append(f"{sorted(request.args.items())} {request.blueprints} {'k' in session}")
        return "\n".join(told)

    async def tell_later(**values: object) -> str:
        return tell(**values)

    return tell if kind < 0.9 else tell_later


def draw_action(chance: random.Random) -> Callable[[], Any]:
    """What a hook does besides noting that it ran."""

    def fail() -> Any:
        raise OwnError("of a hook")

    def fail_hard() -> Any:
        raise LookupError("of a hook")

    actions: tuple[Callable[[], Any], ...] = (
        lambda: abort(chance_code),
        lambda: "from a hook",
        lambda: {"from": "a hook"},
        lambda: session.__setitem__("k", session.get("k", 0) + 1),
        lambda: session.get("k") and None,
        lambda: setattr(g, "k", 1),
        lambda: flash("flashed"),
        lambda: request.form.get("a") and None,
        lambda: request.get_json(silent=True) and None,
        lambda: request.get_data() and None,
        lambda: request.args.get("q") and None,
        lambda: request.cookies.get("c") and None,
        fail,
        fail_hard,
    )
    chance_code = chance.choice(CODES)
    action = chance.choice(actions)
    return action if chance.random() < 0.35 else lambda: None


AFTER = tuple(change for change in changes.SEEN if change is not changes.of_other_kind)
"""What functions do to a response."""


def hooks_of(told: str, action: Any, change: Any, notes: Notes) -> dict[str, Any]:
    """A function for each stage, by the name of its decorator; one of them is async."""

    def before() -> Any:
        notes.append(f"before {told} {request.endpoint}")
        return action()

    async def before_later() -> Any:
        notes.append(f"async before {told}")
        return action()

    def after(response: Any) -> Any:
        notes.append(f"after {told} {response.status_code}")
        return change(response) or response

    def teardown(error: Any) -> None:
        notes.append(f"teardown {told} {error!r}")
        action()

    def values(endpoint: Any, given: Any) -> None:
        notes.append(f"values {told} {endpoint} {given}")
        (given or {}).pop("pre", None)

    def defaults(endpoint: Any, given: Any) -> None:
        notes.append(f"defaults {told} {endpoint}")
        given.setdefault("pre", 4)

    return {
        "before_request": before,
        "before_request again": before_later,
        "after_request": after,
        "teardown_request": teardown,
        "url_value_preprocessor": values,
        "url_defaults": defaults,
    }


def add_hooks(chance: random.Random, place: Any, name: str, notes: Notes) -> None:
    """Give an application or a blueprint some hooks."""
    for number in range(chance.choice([0, 0, 1, 1, 2])):
        change = chance.choice(AFTER) if chance.random() < 0.4 else lambda response: response
        hooks = hooks_of(f"{name}{number}", draw_action(chance), change, notes)
        stage = chance.choice(list(hooks))
        getattr(place, stage.partition(" ")[0])(hooks[stage])


def add_handlers(chance: random.Random, place: Any, name: str, notes: Notes) -> None:
    """Give it some error handlers."""
    for _ in range(chance.choice([0, 0, 1, 2])):
        target = chance.choice([*CODES, OwnError, LookupError, Exception])
        page = RESULTS[chance.choice(["text", "dict", "status", "all-three", "program-error"])]

        def handle(error: Any, page: Any = page, target: Any = target) -> Any:
            notes.append(f"handled by {name} {target} {error!r}")
            return page()

        place.register_error_handler(target, handle)


def draw_kind(chance: random.Random, notes: Notes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes of an application's class, and the arguments of its constructor."""
    attributes: dict[str, Any] = {}
    if chance.random() < 0.3:
        for name in chance.sample(STEPS[1:], chance.randint(1, 3)):
            attributes[name] = noted(notes, name, getattr(Flask, name))
    if chance.random() < 0.1:
        attributes |= changes.STEPS[chance.choice(list(changes.STEPS))]
    options: dict[str, Any] = {}
    if chance.random() < 0.3:
        own = kinds.KINDS[chance.choice([name for name in kinds.KINDS if name != "converter"])]
        options |= own.get("options", {})
        attributes |= {name: value for name, value in own.items() if name != "options"}
    options |= chance.choice(
        [{}, {}, {}, {"subdomain_matching": True}, {"host_matching": True, "static_folder": None}]
    )
    return attributes, options


REPLACED = [function for steps in changes.STEPS.values() for function in steps.values()]
"""Steps that may drop a result."""


def random_site(seed: int, notes: Notes) -> Flask:
    """The application of a seed."""
    chance = random.Random(seed)
    attributes, options = draw_kind(chance, notes)
    app = made_empty(attributes, options)
    kept = not any(attributes.get(name) in REPLACED for name in STEPS)
    if chance.random() < 0.4:
        app.config.update(changes.SETTINGS[chance.choice(list(changes.SETTINGS))])
    if app.subdomain_matching:
        app.config["SERVER_NAME"] = "example.org"
    for name in ("strict_slashes", "merge_slashes", "redirect_defaults"):
        if chance.random() < 0.15:
            setattr(app.url_map, name, chance.random() < 0.5)
    outer: Blueprint[Any] = Blueprint("o", __name__, url_prefix=chance.choice(PREFIXES))
    inner: Blueprint[Any] = Blueprint("i", __name__, url_prefix=chance.choice(PREFIXES))
    places: tuple[Any, ...] = (app, outer, inner)
    views: dict[tuple[int, str], Any] = {}
    for number in range(chance.randint(2, 12)):
        place = chance.choice([app, app, outer, inner])
        rule, given = draw_path(chance), draw_options(chance, app, number)
        endpoint, view = (
            chance.choice(["one", "two", f"e{number}", f"e{number}"]),
            draw_view(chance, kept),
        )
        view = views.setdefault((id(place), endpoint), view)
        with suppress(*NO_RULE):
            place.add_url_rule(rule, endpoint, view, **given)
    for place, name in zip(places, ("app", "o", "i"), strict=True):
        add_hooks(chance, place, name, notes)
        add_handlers(chance, place, name, notes)
    with suppress(*NO_RULE):
        places[chance.randint(0, 1)].register_blueprint(inner)
    with suppress(*NO_RULE):
        app.register_blueprint(outer)
    if chance.random() < 0.4:
        app.teardown_appcontext(lambda error: notes.append(f"end {error!r}"))
    if chance.random() < 0.3:
        hear_signals(app, notes)
    if chance.random() < 0.2:
        replace_on_object(chance, app, notes)
    return app


def replace_on_object(chance: random.Random, app: Flask, notes: Notes) -> None:
    """Replace a step on the application."""
    name = chance.choice(STEPS[1:])
    setattr(app, name, noted(notes, name, getattr(app, name)))


BODIES: tuple[tuple[str, bytes], ...] = (
    (FORM, b"a=1&b=%C3%BC"),
    (FORM, b"a=%FF&&=\xff"),
    (PARTS, MULTIPART),
    (PARTS, MULTIPART[:50]),
    ("application/json", b'{"a": [1, null]}'),
    ("application/json; charset=utf-8", b'{"a":'),
    ("text/plain", b"text"),
    ("", b""),
)
QUERIES = ("", "", "", "q=1", "q=%C3%BC&q=+", "x0=5&a", "&&=", "%FF", "q=%zz")
COOKIES = ("c=1", 'c="a\\054b"; d', "session=nonsense", "c=1; c=2; =x", "ü=1")


def draw_part(chance: random.Random, part: str) -> str:
    """A part of a path for a part of a rule."""
    if "<" not in part:
        return part
    if chance.random() < 0.2:
        return chance.choice(SAMPLES)
    for begins, texts in FITTING.items():
        if part.startswith(begins):
            return chance.choice(texts) + (".html" if part.endswith(".html") else "")
    return "4"


def random_request(chance: random.Random, rules: list[str]) -> Sent:
    """A request that may be meant for one of the rules."""
    if chance.random() < 0.9 and rules:
        path = "/".join(draw_part(chance, part) for part in chance.choice(rules).split("/"))
    else:
        path = "/" + "/".join(chance.choice(SAMPLES) for _ in range(chance.randint(0, 3)))
    if chance.random() < 0.1:
        path = chance.choice([path + "/", path.rstrip("/"), "/" + path, path.replace("/", "//")])
    if chance.random() < 0.05:
        path = FILE
    headers: dict[str, str] = {}
    if chance.random() < 0.15:
        headers |= chance.choice([*CONDITIONS, UPGRADE])
    if chance.random() < 0.1:
        headers["Cookie"] = chance.choice(COOKIES).encode().decode("latin-1")
    body = None
    if chance.random() < 0.3:
        headers["Content-Type"], body = chance.choice(BODIES)
        if chance.random() < 0.1:
            headers["Content-Length"] = chance.choice(["", "3", "999", "x", "-1"])
    return Sent(
        path,
        chance.choice(METHODS) if body is None else chance.choice(["POST", "POST", "GET"]),
        chance.choice(QUERIES),
        headers,
        body,
        host=chance.choice(HOSTS) if chance.random() < 0.2 else "example.org",
        scheme=chance.choice(["http", "http", "https"]),
        root=chance.choice(["", "", "", "/mount", "/mount/"]),
    )


def requests_for(seed: int, app: Flask, number: int) -> list[Sent]:
    """Requests of a seed for its application."""
    chance = random.Random(-seed)
    rules = sorted(rule.rule for rule in app.url_map.iter_rules())
    drawn: list[Sent] = []
    while len(drawn) < number:
        drawn += [random_request(chance, rules)] * chance.choice([1, 1, 2])
    return drawn[:number]
