"""The applications of Flask and of typedflask: one source, two imports.

Every application is written the way Flask's documentation teaches, in the plainest manner, because
the benchmark is about applications people have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from time import thread_time

from benchmarks.contenders.contract import Contender, Sampler
from benchmarks.contenders.flask_words import Application, ResponseWords, Words, words_of
from benchmarks.contenders.imports import import_memory, import_time
from benchmarks.contenders.registering import registering
from benchmarks.exchange import WrongAnswer
from benchmarks.scenarios import CHUNKS, GREETING, MATERIAL, NOT_HERE, PRODUCT, ROWS

SECRET = "a key that only the benchmark knows"


def new_app(words: Words, *, secret: bool = False) -> Application:
    """An application with the benchmark's templates and static files."""
    app = words.Flask(
        __name__,
        static_folder=str(MATERIAL / "static"),
        template_folder=str(MATERIAL / "templates"),
    )
    if secret:
        app.secret_key = SECRET
    return app


def plain(words: Words, *, secret: bool) -> Application:
    app = new_app(words, secret=secret)

    @app.route("/")
    def index() -> str:
        return GREETING

    return app


def json_result(words: Words) -> Application:
    app = new_app(words)

    @app.route("/product")
    def product() -> dict[str, object]:
        return PRODUCT

    return app


def json_body(words: Words) -> Application:
    app = new_app(words)
    request = words.request

    @app.route("/orders", methods=["POST"])
    def take_order() -> dict[str, object]:
        order = request.get_json()
        pieces = sum(line["count"] for line in order["lines"])
        return {"customer": order["customer"], "pieces": pieces}

    return app


def routes(words: Words) -> Application:
    app = new_app(words)

    def section() -> str:
        return "section"

    def item(id: int) -> str:
        return f"item {id}"

    for number in range(100):
        app.add_url_rule(f"/section{number}", f"section{number}", section)
        app.add_url_rule(f"/section{number}/<int:id>", f"item{number}", item)
    return app


def query(words: Words) -> Application:
    app = new_app(words)
    request = words.request

    @app.route("/search")
    def search() -> str:
        tags = ",".join(request.args.getlist("tag"))
        theme, user = request.cookies["theme"], request.cookies["user"]
        return f"{request.args['q']}|{int(request.args['page'])}|{tags}|{theme}|{user}"

    return app


def form(words: Words) -> Application:
    app = new_app(words)
    request = words.request

    @app.route("/entries", methods=["POST"])
    def add_entry() -> str:
        return f"{request.form['title']}|{request.form['text']}|{request.form['draft']}"

    return app


def sessions(words: Words) -> Application:
    app = new_app(words, secret=True)
    request, session = words.request, words.session

    @app.route("/login", methods=["POST"])
    def login() -> str:
        session["user"] = request.args["user"]
        session["pages"] = 0
        session["basket"] = [{"item": 7, "count": 2}, {"item": 9, "count": 1}]
        return "welcome"

    @app.route("/me")
    def me() -> str:
        return f"{session.get('user', 'nobody')} has seen {session.get('pages', 0)} pages"

    @app.route("/visit")
    def visit() -> str:
        session["pages"] += 1
        return str(session["pages"])

    return app


def hooks(words: Words) -> Application:
    app = new_app(words)
    g = words.g
    ended = [0, 0, 0]

    @app.before_request
    def first() -> None:
        g.first = 1

    @app.before_request
    def second() -> None:
        g.second = g.first + 1

    @app.before_request
    def third() -> None:
        g.third = g.second + 1

    def mark(name: str, response: ResponseWords) -> ResponseWords:
        response.headers[name] = "ran"
        return response

    def count(place: int, error: BaseException | None) -> None:
        ended[place] += 1

    for number in (1, 2, 3):
        app.after_request(partial(mark, f"X-After-{number}"))
        app.teardown_request(partial(count, number - 1))

    @app.route("/hooked")
    def hooked() -> str:
        return f"before {g.first} {g.second} {g.third}"

    @app.route("/teardowns")
    def teardowns() -> str:
        return " ".join(map(str, ended))

    return app


def missing(words: Words) -> Application:
    app = plain(words, secret=False)

    @app.errorhandler(404)
    def not_here(error: Exception) -> tuple[str, int]:
        return NOT_HERE, 404

    return app


def stream(words: Words) -> Application:
    app = new_app(words)

    @app.route("/stream")
    def entries() -> Iterator[str]:
        yield from CHUNKS

    return app


def links(words: Words) -> Application:
    app = new_app(words)
    url_for = words.url_for

    def nothing(**values: object) -> str:
        return ""

    app.add_url_rule("/", "index", nothing)
    app.add_url_rule("/about", "about", nothing)
    app.add_url_rule("/items/<int:id>", "item", nothing)
    app.add_url_rule("/items/<int:id>/edit", "edit", nothing)
    app.add_url_rule("/users/<name>/posts/<int:page>", "posts", nothing)

    @app.route("/links/<int:first>")
    def page(first: int) -> str:
        urls = [url_for("index"), url_for("about"), url_for("static", filename="style.css")]
        urls += [url_for("item", id=item) for item in range(first, first + 5)]
        urls += [url_for("edit", id=7), url_for("posts", name="ann", page=3)]
        return "\n".join(urls)

    return app


def template(words: Words) -> Application:
    app = new_app(words)
    render_template = words.render_template

    @app.route("/page")
    def page() -> str:
        return render_template("page.html", user="<ann>", rows=ROWS)

    return app


def new_routes(words: Words) -> Application:
    """An application with 1,000 routes, just registered."""
    app = new_app(words)

    def item(id: int) -> str:
        return f"item {id}"

    for number in range(1000):
        app.add_url_rule(f"/section{number}/<int:id>", f"item{number}", item)
    return app


def proxies(words: Words) -> Sampler:
    """Three reads per operation, in a context that was touched before."""
    app = new_app(words, secret=True)
    request, session, g = words.request, words.session, words.g

    def sample(count: int) -> float:
        with app.test_request_context("/"):
            g.first = 1
            session["user"] = "ann"
            if (request.method, session.modified, g.first) != ("GET", True, 1):
                raise WrongAnswer("a proxy does not show the attribute that was set")
            started = thread_time()
            for _ in range(count):
                request.method  # noqa: B018
                session.modified  # noqa: B018
                g.first  # noqa: B018
            return thread_time() - started

    return sample


def contender(package: str) -> Contender:
    """`flask` or `typedflask`.

    :raises ImportError: if the package is not installed.
    """
    words = words_of(package)
    builders: dict[str, Callable[[Words], Application]] = {
        "plain-key": partial(plain, secret=True),
        "plain": partial(plain, secret=False),
        "json": json_result,
        "json-body": json_body,
        "route": routes,
        "query": query,
        "form": form,
        "session-read": sessions,
        "session-write": sessions,
        "hooks": hooks,
        "missing": missing,
        "stream": stream,
        "links": links,
        "static": new_app,
        "template": template,
    }
    return Contender(
        package,
        apps={name: partial(build, words) for name, build in builders.items()},
        samplers={
            "proxies": partial(proxies, words),
            "register": partial(registering, partial(new_routes, words)),
            # Asked for a name: typedflask imports next to nothing before (decision 078).
            "import-alone": partial(import_time, f"import {package}"),
            "memory-alone": partial(import_memory, f"import {package}"),
            "import": partial(import_time, f"from {package} import Flask"),
            "memory": partial(import_memory, f"from {package} import Flask"),
        },
    )
