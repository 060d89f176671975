"""A program whose first requests come all at once, each importing what it is the first to need.

`test_first_requests.py` runs it in a process of its own. It prints the answers, one a line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

from werkzeug.test import EnvironBuilder, run_wsgi_app

import typedflask
from typedflask import Flask

FORM = "/form"
EXPECTED = {
    "/session": "200 OK once",
    "/json": '200 OK {"half":0.5}',
    "/template": "200 OK 2 /json",
    "/item/3": "200 OK /item/3",
    "/item/x": "404 NOT FOUND",
    "/elsewhere": "302 FOUND",
    "/stream": "200 OK one",
    "/broken": "500 INTERNAL SERVER ERROR",
    "/static/page.txt": "200 OK a file",
    "/nowhere": "404 NOT FOUND",
    FORM: "200 OK sent",
    "/flash": "200 OK ['seen']",
}
"""The beginnings of the answers."""


def make_app(folder: Path) -> Flask:
    """An application that has not imported more than it takes to make it."""
    (folder / "static").mkdir()
    (folder / "static" / "page.txt").write_text("a file", encoding="utf-8")
    app = Flask("first", root_path=str(folder))
    app.secret_key = "key"
    app.logger.disabled = True

    @app.get("/session")
    def keep() -> str:
        typedflask.session["seen"] = "once"
        return str(typedflask.session["seen"])

    @app.get("/json")
    def half() -> dict[str, float]:
        return {"half": 0.5}

    @app.get("/template")
    def template() -> str:
        return typedflask.render_template_string("{{ 1 + 1 }} {{ url_for('half') }}")

    @app.get("/item/<int:number>")
    def item(number: int) -> str:
        return typedflask.url_for("item", number=number)

    @app.get("/elsewhere")
    def elsewhere() -> typedflask.Response:
        return typedflask.redirect("/json")

    @app.get("/stream")
    def stream() -> Iterator[str]:
        yield "one"

    @app.get("/broken")
    def broken() -> str:
        raise LookupError("to be answered")

    @app.post(FORM)
    def form() -> str:
        return typedflask.request.form["field"]

    @app.get("/flash")
    def flash() -> str:
        typedflask.flash("seen")
        return str(typedflask.get_flashed_messages())

    return app


def main(folder: Path) -> None:
    """Send every request twice, from threads that begin together."""
    sys.setswitchinterval(1e-5)
    app = make_app(folder)
    paths = [*EXPECTED, *EXPECTED]
    together = Barrier(len(paths))
    answers: list[str] = []

    def ask(path: str) -> None:
        data = {"field": "sent"} if path == FORM else None
        environ = EnvironBuilder(path, method="POST" if data else "GET", data=data).get_environ()
        together.wait()
        try:
            body, status, _ = run_wsgi_app(app, environ)
            answers.append(f"{path} {status} {b''.join(body).decode().strip()}".splitlines()[0])
        except Exception as error:  # told to the test, which compares
            answers.append(f"{path} {error!r}")

    threads = [Thread(target=ask, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("\n".join(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
