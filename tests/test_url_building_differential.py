"""URLs are built as Werkzeug's own adapter builds them, whatever the rules and the values.

Random rules and random values, from a fixed seed; `TYPEDFLASK_FUZZ` multiplies the cases.
"""

from __future__ import annotations

import os
import random
from typing import Any
from uuid import UUID

import pytest
from werkzeug.routing import BaseConverter, BuildError, Map, MapAdapter, ValidationError
from werkzeug.routing import Rule as BaseRule

from typedflask import Flask
from typedflask.ctx import RequestContext
from typedflask.routing import Rule
from typedflask.routing.plan import query_of
from typedflask.routing.rule_map import planned

CASES = 30_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))
REQUESTS_PER_MAP = 4
URLS_PER_MAP = 120

ENDPOINTS = ("one", "two", "three", "four")
METHODS = ("GET", "POST", "PUT")
TEXTS = ("a", "b c", "ü", "x%41", "", "it's", "a|b", "q?", "h#")
VARIABLES = (
    *("<v{}>", "<int:v{}>", "<int(signed=True):v{}>", "<int(fixed_digits=3):v{}>"),
    *("<float:v{}>", "<string(length=2):v{}>", "<any(a, 7):v{}>", "<uuid:v{}>", "<path:v{}>"),
    *("<even:v{}>", "<shout:v{}>", "<mended:v{}>", "p<v{}>", "<int:v{}>-<w{}>", "<v{}>.html"),
)
VALUES: tuple[object, ...] = (
    *("a", "ab", "a b", "", "ü", "/a", "//a", "a/", "..", "%", "%41", "?q#f", "a&b=c", "\n", "\0"),
    *(
        "it's",
        "~-._!$&'()*+,/:;=@",
        '<">',
        "\ud800",
        "\u0661",
        "7",
        "8b1e4c2e-6b52-4d1e-9f3a-0d3c2b1a",
    ),
    *(None, None, 0, 7, -7, 8, 1000, 10**30, True, False, 1.5, float("inf"), float("nan")),
    *([], [1, "b"], [None], (), ("a", None), {}, {"k": "v"}, {1}, b"raw", object),
    *(UUID(int=5), BaseConverter, Exception("e")),
)
NAMES = ("v0", "v1", "v2", "w0", "w1", "q", "page", "values", "self", "method", "ü", "a b")


class Even(BaseConverter):
    """Even numbers; others do not fit the rule."""

    def to_url(self, value: Any) -> str:
        """The text of the number."""
        if not isinstance(value, int) or value % 2:
            raise ValidationError
        return str(value)


class Shout(BaseConverter):
    """A converter with its own way of quoting: none."""

    def to_url(self, value: Any) -> str:
        """The text in capitals."""
        return str(value).upper()


class Mended(BaseConverter):
    """A converter whose objects each have their own `to_url`."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)
        vars(self)["to_url"] = lambda value: f"mended-{value}"


class LateOfWerkzeug(BaseRule):
    """A kind of rule with a mind of its own."""

    def build(self, values: Any, append_unknown: bool = True) -> tuple[str, str] | None:
        """The URL with a mark."""
        built = super().build(values, append_unknown)
        return built and (built[0], f"{built[1]}!")

    def suitable_for(self, values: Any, method: str | None = None) -> bool:
        """Without an odd number of values."""
        return len(values) % 2 == 0 and super().suitable_for(values, method)


class Late(LateOfWerkzeug, Rule):
    """The same kind of rule, made quicker to register."""


CONVERTERS = {"even": Even, "shout": Shout, "mended": Mended}


def random_rule(chance: random.Random) -> str:
    """The text of a rule."""
    parts: list[str] = []
    for number in range(chance.randint(0, 3)):
        if chance.random() < 0.6:
            parts.append(chance.choice(VARIABLES).format(number, number))
        else:
            parts.append(chance.choice(TEXTS))
    return "/" + "/".join(parts)


def random_options(chance: random.Random, hosts: bool) -> dict[str, Any]:
    """What `add_url_rule` and Werkzeug's `Rule` both take."""
    options: dict[str, Any] = {"methods": chance.sample(METHODS, chance.randint(1, 2))}
    sometimes: tuple[tuple[str, object, float], ...] = (
        ("defaults", {chance.choice(NAMES[:6]): chance.choice(["a", 7, 8, None, "ü"])}, 0.2),
        ("websocket", True, 0.04),
        ("build_only", True, 0.05),
        ("alias", True, 0.05),
        ("strict_slashes", False, 0.05),
        ("host" if hosts else "subdomain", chance.choice(["api", "<v1>", "x.example"]), 0.1),
    )
    options |= {name: chosen for name, chosen, often in sometimes if chance.random() < often}
    if options.get("websocket"):
        options["methods"] = ["GET"]
    return options


def random_maps(chance: random.Random) -> tuple[Flask, Map]:
    """An application with a few random rules, and the same rules in Werkzeug's own map."""
    hosts = chance.random() < 0.1
    app = Flask("random", static_folder=None, host_matching=hosts)
    own = Map(host_matching=hosts)
    late = chance.random() < 0.05
    if late:
        app.url_rule_class = Late
    if chance.random() < 0.05:
        app.url_map_class = Map
        app.url_map = Map(host_matching=hosts)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    for url_map in (app.url_map, own):
        url_map.converters.update(CONVERTERS)
    for _ in range(chance.randint(1, 6)):
        text, endpoint = random_rule(chance), chance.choice(ENDPOINTS)
        options = random_options(chance, hosts)
        try:
            app.add_url_rule(text, endpoint, **options)
        except (ValueError, TypeError):
            continue  # no rule: a default its converter refuses, a variable twice, ...
        kind = LateOfWerkzeug if late else BaseRule
        own.add(kind(text, endpoint=endpoint, **options))
    if chance.random() < 0.1:
        app.subdomain_matching = True
    if chance.random() < 0.2:
        app.config["SERVER_NAME"] = "x.example"
    return app, own


def random_context(chance: random.Random, app: Flask) -> RequestContext[Flask]:
    """A request somewhere, by some method."""
    host = chance.choice(["x.example", "api.x.example", "localhost:8000"])
    root = chance.choice(["", "", "/base", "/base/", "/ä/b"])
    base = f"{chance.choice(['http', 'https'])}://{host}{root}"
    return app.test_request_context("/", base_url=base, method=chance.choice(METHODS))


def random_values(chance: random.Random, own: Map, endpoint: str) -> dict[str, Any]:
    """Values for a URL, more often than not those a rule wants."""
    rules = [rule for rule in own.iter_rules() if rule.endpoint == endpoint]
    if rules and chance.random() < 0.75:
        names = sorted(chance.choice(rules).arguments)
    else:
        names = chance.sample(NAMES[:4], chance.randint(0, 3))
    if chance.random() < 0.3:
        names += chance.sample(NAMES[4:], chance.randint(1, 3))
    odd = chance.random() < 0.6
    return {name: chance.choice(VALUES if odd else ("a", "x-y", 7, 8)) for name in names}


def random_ways(chance: random.Random) -> dict[str, Any]:
    """Options of `url_for`, rarely any."""
    ways: dict[str, Any] = {}
    if chance.random() < 0.15:
        ways["_method"] = chance.choice(METHODS)
    if chance.random() < 0.1:
        ways["_external"] = chance.random() < 0.6
    if chance.random() < 0.05:
        ways |= {"_scheme": chance.choice(["https", "ftp", ""]), "_external": True}
    return ways


def by_werkzeug(adapter: MapAdapter, own: Map, endpoint: str, values: Any, ways: Any) -> str:
    """The URL from Werkzeug's own map, for the same request."""
    twin = MapAdapter(
        own,
        adapter.server_name,
        adapter.script_name,
        adapter.subdomain,
        adapter.url_scheme,
        adapter.path_info,
        adapter.default_method,
        adapter.query_args,
    )
    return twin.build(
        endpoint,
        values,
        method=ways.get("_method"),
        url_scheme=ways.get("_scheme"),
        force_external=ways.get("_external", False),
    )


def outcome(build: Any, *args: Any, **values: Any) -> object:
    """The URL, or all that can be known of the error."""
    try:
        return str(build(*args, **values))
    except BuildError as error:
        suggested = error.suggested
        near = suggested and (str(suggested), suggested.endpoint)
        # By their text: "not a number" does not equal itself.
        return ("BuildError", error.endpoint, repr(error.values), error.method, near, str(error))
    except Exception as error:
        return (type(error).__name__, str(error))


# A request to a host that is not the server's is one of the cases.
@pytest.mark.no_cover  # in a quarter of the time
@pytest.mark.filterwarnings("ignore:Current server name:UserWarning")
def test_urls_are_those_of_werkzeug_on_random_rules_and_values() -> None:
    """
    Every URL and every error is the one Werkzeug's adapter gives; most URLs took the short way.
    """
    chance = random.Random(20261121)
    built = quickly = failed = 0
    for _ in range(CASES // URLS_PER_MAP):
        app, own = random_maps(chance)
        known = [rule.endpoint for rule in own.iter_rules()]
        for _ in range(REQUESTS_PER_MAP):
            with random_context(chance, app) as context:
                # Not the context's own: URLs are to be built where none was made.
                adapter = app.create_url_adapter(context.request)
                assert adapter is not None
                for _ in range(URLS_PER_MAP // REQUESTS_PER_MAP):
                    endpoint = chance.choice((*known, *known, *known, "nowhere"))
                    values, ways = random_values(chance, own, endpoint), random_ways(chance)
                    told = f"{own!r}\n{endpoint} {values} {ways}"
                    expected = outcome(by_werkzeug, adapter, own, endpoint, dict(values), ways)
                    assert outcome(app.url_for, endpoint, **values, **ways) == expected, told
                    built += isinstance(expected, str)
                    failed += not isinstance(expected, str)
                    if not ways and isinstance(expected, str):
                        quickly += planned(adapter, endpoint, values) is not None
    # Were most cases errors, or never quick, little would have been compared.
    assert built > CASES // 3
    assert failed > CASES // 5
    assert quickly > built // 2


def test_rules_added_later_are_seen() -> None:
    """
    A plan is forgotten when the map changes.
    """
    app = Flask("later", static_folder=None)
    app.add_url_rule("/old/<a>", "one")
    with app.test_request_context():
        assert app.url_for("one", a=1) == "/old/1"
        assert app.url_for("one", a=1, b=2) == "/old/1?b=2"
        app.add_url_rule("/new/<a>/<b>", "one")
        app.add_url_rule("/two", "two")
        assert app.url_for("one", a=1, b=2) == "/new/1/2"
        assert app.url_for("one", a=1) == "/old/1"
        assert app.url_for("two") == "/two"


def test_a_map_that_begins_to_match_hosts_names_them() -> None:
    """
    Setting `host_matching` later decides URLs too.
    """
    app = Flask("hosts", static_folder=None)
    app.add_url_rule("/", "one")
    with app.test_request_context() as context:
        assert app.url_for("one") == "/"
        app.url_map.host_matching = True
        assert context.url_adapter is not None
        assert app.url_for("one") == context.url_adapter.build("one") == "http:///"
    app.url_map.add(Rule("/", endpoint="two", host="other.example"))
    with app.test_request_context():
        assert app.url_for("two") == "http://other.example/"


def test_asking_for_endpoints_there_are_not_keeps_nothing() -> None:
    """
    Nobody can fill the memory with names of endpoints.
    """
    app = Flask("unknown", static_folder=None)
    with app.test_request_context():
        for number in range(5):
            assert outcome(app.url_for, f"none{number}") != ""
    assert vars(app.url_map)["plans"] == {}


def test_an_adapter_of_another_kind_builds_by_itself() -> None:
    """
    `create_url_adapter` may give an adapter with its own `build`.
    """

    class OwnAdapter(MapAdapter):
        def build(self, endpoint: Any, *args: Any, **kwargs: Any) -> str:
            """A URL of its own making."""
            return f"own:{endpoint}"

    class Application(Flask):
        def create_url_adapter(self, request: Any) -> MapAdapter | None:
            """The application's own kind."""
            adapter = super().create_url_adapter(request)
            if adapter is not None:
                adapter.__class__ = OwnAdapter
            return adapter

    app = Application("own", static_folder=None)
    app.add_url_rule("/", "one")
    with app.test_request_context():
        assert app.url_for("one") == "own:one"


def test_query_strings_are_those_of_werkzeug() -> None:
    """
    Whatever the names and values are, and sorted where the map sorts them.
    """
    chance = random.Random(20261121)
    signs = "aZ09_.~-!$'()*,/:;?@+%&=#\"<> \n\0|^`{}[]\\äЖ\u0661\U0001f600"

    def text() -> str:
        return "".join(chance.choices(signs, k=chance.randint(0, 3)))

    rules = [Rule("/", endpoint="one"), Rule("/", endpoint="one")]
    for rule, is_sorted in zip(rules, (False, True), strict=True):
        Map([rule], sort_parameters=is_sorted)
    same = 0
    for _ in range(CASES):
        rule = chance.choice(rules)
        values = {
            text(): chance.choice([text(), text(), 7, True, -1.5, [text(), 1], None, ()])
            for _ in range(chance.randint(0, 3))
        }
        expected = outcome(rule._encode_query_vars, values)
        assert outcome(query_of, rule, values) == expected, values
        same += isinstance(expected, str)
    assert same > CASES // 2
