"""What a request is addressed to decides alike with all shortcuts and with none of them.

Hosts, subdomains, script roots, slashes too many and too few, kinds of rules, methods: each row is an
application about one of these, and the requests that tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.both_ways import Notes, Sent, both_ways
from tests.shortcut_site import own
from typedflask import Blueprint, Flask, Request, request, url_for

# Any, in this file: options of constructors and rules, which are not what is tested.

Row = tuple[Callable[[Flask], object], Sequence[Sent], set[str]]
HOSTS = (
    "example.org",
    "EXAMPLE.org:80",
    "api.example.org",
    "a.b.example.org",
    "other.net",
    "ex ample",
)


def tell(**values: Any) -> str:
    """What was matched, and its URLs."""
    build: Callable[..., str] = url_for
    told = [repr(request.endpoint), repr(sorted(values.items())), request.url, request.root_url]
    for options in ({}, {"_external": True}, {"_scheme": "https", "_external": True}):
        try:
            told.append(build(request.endpoint, **(values | options)))
        except Exception as error:
            told.append(repr(error))
    return "\n".join(told)


def rules(app: Any, *texts: str, **options: Any) -> None:
    """Add rules, each with an endpoint of its own."""
    for text in texts:
        app.add_url_rule(text, f"e{len(app.view_functions)}", tell, **options)


def of(*paths: str, **options: Any) -> list[Sent]:
    """Requests for paths."""
    return [Sent(path, **options) for path in paths]


def everywhere(*paths: str) -> list[Sent]:
    """Requests for paths on every host."""
    return [Sent(path, host=host) for host in (*HOSTS, "", None) for path in paths]


def hosts(app: Flask) -> None:
    rules(app, "/", "/<name>", host="example.org")
    rules(app, "/", "/other/", host="<who>.example.org")
    rules(app, "/<int:number>", host="other.net")


def subdomains(app: Flask) -> None:
    app.config["SERVER_NAME"] = "example.org"
    rules(app, "/", "/x/")
    rules(app, "/", "/api", subdomain="api")
    rules(app, "/who", subdomain="<who>")
    blueprint: Blueprint[Any] = Blueprint("b", __name__, subdomain="api", url_prefix="/b")
    blueprint.add_url_rule("/", "index", tell)
    app.register_blueprint(blueprint)


def trusted(app: Flask) -> None:
    app.config["TRUSTED_HOSTS"] = ["example.org", ".other.net"]
    rules(app, "/", "/x/<y>")


def trusted_by_request(app: Flask) -> None:
    app.request_class = own(Request, trusted_hosts=["example.org"])
    rules(app, "/", "/x/<y>")


def named(app: Flask) -> None:
    app.config["SERVER_NAME"] = "Example.org:443"
    rules(app, "/", "/x/<y>")


def rooted(app: Flask) -> None:
    app.config["APPLICATION_ROOT"] = "/mount"
    rules(app, "/", "/x/<path:y>")


def slashes(app: Flask) -> None:
    rules(app, "/a/b", "/dir/", "/dir/<x>/", "/leaf/<x>", methods=["GET", "POST"])
    rules(app, "/p/<path:x>", "/p/<path:x>/end", "/")


def slashes_kept(app: Flask) -> None:
    app.url_map.merge_slashes = False
    slashes(app)


def slashes_loose(app: Flask) -> None:
    app.url_map.strict_slashes = False
    slashes(app)


def slashes_by_rule(app: Flask) -> None:
    rules(app, "/a/b", "/dir/", strict_slashes=False)
    rules(app, "/c/d", "/e/<x>/", merge_slashes=False)


def defaults(app: Flask) -> None:
    app.add_url_rule("/all/", "all", tell, defaults={"page": 1})
    app.add_url_rule("/all/page/<int:page>", "all", tell)
    app.add_url_rule("/old", "all", alias=True, defaults={"page": 1})


def sockets(app: Flask) -> None:
    rules(app, "/both", "/http/<x>")
    rules(app, "/both", "/socket/<x>", websocket=True)


def build_only(app: Flask) -> None:
    rules(app, "/cdn/<x>", build_only=True)
    rules(app, "/<x>")
    app.add_url_rule("/moved", "moved", redirect_to="/elsewhere/<x>")
    app.add_url_rule("/moved/<x>", "moved_too", redirect_to="/elsewhere/<x>")


def methods(app: Flask) -> None:
    rules(app, "/get")
    rules(app, "/post/<x>", methods=["POST"])
    rules(app, "/both", methods=["POST"])
    rules(app, "/both", methods=["GET", "PUT"])
    rules(app, "/plain", provide_automatic_options=False)
    rules(app, "/own", methods=["OPTIONS", "STRANGE"])
    app.register_error_handler(405, lambda e: (f"not {request.method}: {e}", 405))


def kinds(app: Flask) -> None:
    rules(app, "/<int:n>", "/<float:f>", "/<uuid:u>", "/<any(a, b):x>", "/<string(length=2):s>")
    rules(app, "/f/<name>.html", "/f/<int:n>.html", "/f/v<int(min=2, max=9):n>", "/f/<path:rest>")
    rules(app, "/d/<int(fixed_digits=3):n>", "/d/<int(signed=True):n>", "/d/<float(max=2.0):f>")


PATHS = ("/", "/x", "/x/", "/x/y", "/api", "/who", "/b/", "/b", "/other", "/other/", "/7")
SLASHES = (
    *("/a/b", "/a/b/", "/a//b", "//a/b", "/dir", "/dir/", "//dir", "/dir//", "/dir/x", "/dir//x"),
    *("/leaf/x", "/leaf/x/", "/leaf//x", "/p/x", "/p//x", "/p/x//y", "/p/x/end", "/p/x/", "", "//"),
    *("/c//d", "/c/d", "/e//x/", "/e/x", "/e/x//"),
)
TEXTS = (
    *("7", "007", "-7", "+7", "1.5", "-1.5", "1.", "a", "b", "c", "ab", "ü", "üx", "%41", "a%2Fb"),
    *(
        "00000000-0000-0000-0000-000000000005",
        "123",
        "9" * 5000,
        "٣",
        "x.html",
        "7.html",
        "v5",
        "v1",
    ),
)
UPGRADE = {"Connection": "keep-alive, Upgrade", "Upgrade": "WebSocket"}
VERBS = ("GET", "HEAD", "POST", "PUT", "OPTIONS", "STRANGE", "get")

ROWS: dict[str, tuple[dict[str, Any], Row]] = {
    "host matching": (
        {"host_matching": True, "static_folder": None},
        (hosts, everywhere(*PATHS), {"200", "404", "308"}),
    ),
    "subdomains": ({"subdomain_matching": True}, (subdomains, everywhere(*PATHS), {"200", "404"})),
    "subdomains without matching": ({}, (subdomains, everywhere(*PATHS), {"200", "404"})),
    "trusted hosts": ({}, (trusted, everywhere(*PATHS), {"200", "400", "404"})),
    "hosts a request class trusts": (
        {},
        (trusted_by_request, everywhere(*PATHS), {"200", "400", "404"}),
    ),
    "a server name": ({}, (named, everywhere(*PATHS), {"200", "404"})),
    "an application root": ({}, (rooted, everywhere(*PATHS), {"200", "404"})),
    "script roots": (
        {},
        (
            rooted,
            [Sent(path, root=root) for path in PATHS for root in ("/r", "/r/", "/ü", "/a b/c")],
            {"200", "404"},
        ),
    ),
    "slashes": ({}, (slashes, of(*SLASHES, root="/r"), {"200", "308", "404"})),
    "slashes that are kept": ({}, (slashes_kept, of(*SLASHES), {"200", "308", "404"})),
    "slashes that do not matter": ({}, (slashes_loose, of(*SLASHES), {"200", "308", "404"})),
    "slashes by rule": ({}, (slashes_by_rule, of(*SLASHES), {"200", "308", "404"})),
    "forms that would be lost": (
        {},
        (slashes, of(*SLASHES, method="POST", body=b"a=1"), {"308", "404", "405"}),
    ),
    "defaults": (
        {},
        (
            defaults,
            of("/all", "/all/", "/all/page/1", "/all/page/2", "/all/page/x", "/old", query="a=1"),
            {"200", "308", "404"},
        ),
    ),
    "WebSocket rules": (
        {},
        (
            sockets,
            [
                Sent(path, headers=headers, scheme=scheme)
                for path in ("/both", "/http/x", "/socket/x", "/missing")
                for headers in (UPGRADE, {}, {"Upgrade": "websocket"}, {"Upgrade": "h2c"})
                for scheme in ("http", "https")
            ],
            {"200", "400", "404"},
        ),
    ),
    "build-only rules and redirects": (
        {},
        (build_only, of("/cdn/x", "/x", "/moved", "/moved/x", "/moved/x/"), {"200", "404", "500"}),
    ),
    "methods": (
        {},
        (
            methods,
            [
                Sent(path, verb)
                for path in ("/get", "/post/x", "/both", "/plain", "/own", "/missing")
                for verb in VERBS
            ],
            {"200", "404", "405"},
        ),
    ),
    "kinds of variables": (
        {},
        (
            kinds,
            of(*(f"{start}{text}" for start in ("/", "/f/", "/d/") for text in TEXTS)),
            {"200", "404"},
        ),
    ),
}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("debug", [False, True])
# A request to a host that is not the server's is one of the cases.
@pytest.mark.filterwarnings("ignore:Current server name:UserWarning")
def test_addresses_are_read_alike(name: str, debug: bool) -> None:
    options, (furnish, requests, statuses) = ROWS[name]

    def make(notes: Notes) -> Flask:
        app = Flask("addresses", **options)
        app.debug = debug
        furnish(app)
        app.url_value_preprocessor(lambda endpoint, values: notes.append(f"{endpoint} {values}"))
        return app

    answers = both_ways(make, [sent for sent in requests for _ in range(2)])
    found = {answer.status[:3] for answer in answers}
    if not debug:  # in which some of these are errors that are raised
        assert statuses <= found


def test_set_up_is_over_after_the_first_request_alike() -> None:
    def make(notes: Notes) -> Flask:
        app = Flask("guarded")
        app.testing = True

        def late() -> str:
            try:
                app.add_url_rule("/late", "late", tell)
            except AssertionError as error:
                notes.append(type(error).__name__)
            try:
                app.before_request(lambda: None)
            except AssertionError as error:
                notes.append(type(error).__name__)
            return f"{app.got_first_request}"

        app.add_url_rule("/", "index", late)
        return app

    [first, second] = both_ways(make, [Sent(), Sent()])
    assert first.body == second.body == b"True"
    assert first.notes == second.notes == ["SetupFinishedError"] * 2
