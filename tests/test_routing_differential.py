"""Random applications, made twice: every request is answered like Flask answers it.

A seed draws a set of rules (converters, options, blueprints, settings of the map, hosts) and a
list of requests that hit, nearly hit or miss them. Both frameworks get the same, and status, body,
`Location` and `Allow` have to be the same. Each request is sent twice, because a match may be
remembered. One known difference is left out: a rule with `provide_automatic_options=True` answers
`OPTIONS` here, as Flask documents, and refuses it in Flask 3.1.
"""

from __future__ import annotations

import random
import warnings
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

import typedflask

flask = pytest.importorskip("flask")

SEEDS = 80
PIECES = [
    "a",
    "b",
    "item",
    "<x>",
    "<string(length=2):x>",
    "<int:x>",
    "<int(signed=True, max=9):x>",
    "<float:x>",
    "<path:x>",
    "<any(a, b, item):x>",
    "<uuid:x>",
    "v<int:x>",
    "<int:x>.html",
]
SAMPLES = [
    "a",
    "b",
    "item",
    "ab",
    "1",
    "01",
    "-3",
    "1.5",
    "v2",
    "7.html",
    "ü b",
    "00000000-0000-0000-0000-000000000005",
    "",
    "..",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "STRANGE"]
HOSTS = ["example.org", "api.example.org", "bob.example.org", "other.net:8080", "EXAMPLE.org:80"]


@dataclass
class RuleDraft:
    """One rule, and what it belongs to."""

    path: str
    endpoint: str
    place: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class AppDraft:
    """An application that either framework can make."""

    constructor: dict[str, Any]
    config: dict[str, Any]
    map: dict[str, Any]
    blueprints: dict[str, dict[str, Any]]
    nested: bool
    rules: list[RuleDraft]


@dataclass
class RequestDraft:
    """One request."""

    method: str
    path: str
    base: str
    query: str
    headers: dict[str, str]


def draw_path(chance: random.Random) -> str:
    """A rule's path, with each variable once."""
    pieces: list[str] = []
    for number in range(chance.choice([0, 1, 1, 2, 2, 3])):
        piece = chance.choice(PIECES)
        pieces.append(piece.replace("x>", f"x{number}>"))
    return "/" + "/".join(pieces) + (chance.choice(["", "/"]) if pieces else "")


def draw_rule(chance: random.Random, number: int, app: dict[str, Any]) -> RuleDraft:
    draft = RuleDraft(
        draw_path(chance), chance.choice(["one", "two", f"e{number}"]), chance.choice("aaoi")
    )
    options = draft.options
    if chance.random() < 0.4:
        options["methods"] = chance.sample(METHODS[:6], chance.randint(0, 3))
    if chance.random() < 0.2:
        options["provide_automatic_options"] = chance.choice([None, False])
    for name in ("strict_slashes", "merge_slashes"):
        if chance.random() < 0.2:
            options[name] = chance.choice([True, False])
    if chance.random() < 0.15:
        options["defaults"] = {chance.choice(["x0", "x1", "more"]): chance.choice([1, "a"])}
    if chance.random() < 0.08:
        options["redirect_to"] = "moved/<x0>" if "x0" in draft.path else "moved/here"
    if chance.random() < 0.06:
        options[chance.choice(["build_only", "alias", "websocket"])] = True
    if app.get("subdomain_matching") and chance.random() < 0.5:
        options["subdomain"] = chance.choice(["api", "<who>", ""])
    if app.get("host_matching"):
        options["host"] = chance.choice(["example.org", "<who>.example.org", "other.net:8080"])
    return draft


def draw_app(chance: random.Random) -> AppDraft:
    kind = chance.choice([{}, {}, {"subdomain_matching": True}, {"host_matching": True}])
    config: dict[str, Any] = {"PROVIDE_AUTOMATIC_OPTIONS": chance.random() < 0.8}
    if chance.random() < 0.5 or kind.get("subdomain_matching"):
        config["SERVER_NAME"] = chance.choice(["example.org", "Example.org:80", "example.org:443"])
    if chance.random() < 0.2:
        config["TRUSTED_HOSTS"] = [".example.org"]
    map_settings = {
        name: chance.choice([True, False])
        for name in ("strict_slashes", "merge_slashes", "redirect_defaults")
        if chance.random() < 0.2
    }
    blueprints: dict[str, dict[str, Any]] = {
        name: {"url_prefix": chance.choice([None, "/", "/p", "/p/", "/<int:pre>", "a"])}
        for name in "oi"
    }
    blueprints["o"]["url_prefix"] = blueprints["o"]["url_prefix"] or "/out"
    rules = [draw_rule(chance, n, kind) for n in range(chance.randint(3, 14))]
    return AppDraft(kind, config, map_settings, blueprints, chance.random() < 0.5, rules)


def draw_request(chance: random.Random, app: AppDraft) -> RequestDraft:
    if chance.random() < 0.8:
        draft = chance.choice(app.rules)
        prefix = "" if draft.place == "a" else app.blueprints[draft.place]["url_prefix"] or ""
        parts = f"{prefix}{draft.path}".split("/")
    else:
        parts = ["", *(chance.choice(SAMPLES) for _ in range(chance.randint(0, 3)))]
    path = "/".join(chance.choice(SAMPLES) if "<" in part else part for part in parts)
    if chance.random() < 0.3:
        path = chance.choice([path + "/", path.rstrip("/"), "/" + path, path.replace("/", "//")])
    headers = {}
    if chance.random() < 0.05:
        headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
    host = chance.choice(HOSTS) if chance.random() < 0.6 else "example.org"
    root = chance.choice(["", "", "", "/mount", "/mount/"])
    return RequestDraft(
        method=chance.choice(METHODS) if chance.random() < 0.5 else "GET",
        path="/" + path.lstrip("/") if chance.random() < 0.9 else path,
        base=f"{chance.choice(['http', 'https'])}://{host}{root}",
        query=chance.choice(["", "", "a=1&b=%C3%BC", "x0=5", "&&=", "%FF"]),
        headers=headers,
    )


def make(framework: ModuleType, draft: AppDraft) -> Any:
    """The application a draft describes, and what was refused while making it."""
    app = framework.Flask(__name__, static_folder=None, **draft.constructor)
    app.config.update(draft.config)
    for name, value in draft.map.items():
        setattr(app.url_map, name, value)
    blueprints = {
        name: framework.Blueprint(name, __name__, **options)
        for name, options in draft.blueprints.items()
    }
    places = {"a": app, **blueprints}

    def view(**values: object) -> str:
        request = framework.request
        told = [request.method, request.endpoint, repr(sorted(values.items())), request.url]
        for options in ({}, {"_external": True}, {"_scheme": "https", "_anchor": "x"}):
            try:
                told.append(framework.url_for(request.endpoint, **values, **options))
            except Exception as error:
                told.append(type(error).__name__)
        return "\n".join(told)

    for rule in draft.rules:
        places[rule.place].add_url_rule(rule.path, rule.endpoint, view, **rule.options)
    if draft.nested:
        blueprints["o"].register_blueprint(blueprints["i"])
    else:
        app.register_blueprint(blueprints["i"])
    app.register_blueprint(blueprints["o"])
    return app


def answer(app: Any, draft: RequestDraft) -> tuple[object, ...]:
    """What comes back: status, body, `Location` and `Allow`."""
    response = app.test_client().open(
        "/",
        method=draft.method,
        base_url=draft.base,
        query_string=draft.query,
        headers=draft.headers,
        environ_overrides={"PATH_INFO": draft.path.encode().decode("latin-1")},
    )
    allow = frozenset((response.headers.get("Allow") or "").split(", "))
    return response.status_code, response.text, response.headers.get("Location"), allow


def attempt(framework: ModuleType, draft: AppDraft) -> tuple[Any, str | None]:
    try:
        return make(framework, draft), None
    except Exception as error:
        return None, type(error).__name__


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_random_application_answers_random_requests_like_flask(seed: int) -> None:
    chance = random.Random(seed)
    draft = draw_app(chance)
    theirs, refused = attempt(flask, draft)
    ours, refused_here = attempt(typedflask, draft)
    # Not the kind of error: a name that two variables have is a SyntaxError there.
    assert (refused_here is None) == (refused is None), (refused, refused_here, draft)
    if refused is not None:
        return
    with warnings.catch_warnings():
        # Werkzeug warns about hosts outside of SERVER_NAME, in both alike.
        warnings.simplefilter("ignore", UserWarning)
        for _ in range(40):
            request = draw_request(chance, draft)
            expected = answer(theirs, request)
            assert answer(ours, request) == expected, (request, draft)
            assert answer(ours, request) == expected, ("the second time", request, draft)


@pytest.mark.no_cover  # in a quarter of the time
def test_the_drafts_reach_every_kind_of_answer() -> None:
    """Else the comparison above would prove little."""
    statuses: set[object] = set()
    refused = 0
    for seed in range(SEEDS):
        chance = random.Random(seed)
        draft = draw_app(chance)
        app, refusal = attempt(typedflask, draft)
        if refusal is not None:
            refused += 1
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            statuses |= {answer(app, draw_request(chance, draft))[0] for _ in range(40)}
    assert statuses >= {200, 308, 400, 404, 405}
    assert refused < SEEDS / 2
