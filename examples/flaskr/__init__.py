"""Flaskr, a microblog: the example of the tutorial, written with types all the way.

Visitors read the entries, newest first; who is signed in writes new ones. Each module does one
thing and ends in a `register(app)` that adds it to an application:

* `db` opens one SQLite connection for each request that needs one;
* `csrf` refuses forms that were not shown by this site;
* `errors` are the pages for what goes wrong;
* `auth` knows who is signed in;
* `blog` lists, shows and adds entries.

`demo.py` shows it with a few entries; the command line runs it for real::

    export FLASKR_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex())')"
    typedflask --app flaskr init-db
    typedflask --app flaskr add-user ada
    typedflask --app flaskr run
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from typedflask import Flask, Response

from . import auth, blog, csrf, db, errors

LARGEST_FORM = 256 * 1024
"""Bytes in the largest form that is read; the longest entry needs far less."""

HEADERS = {
    # Nothing but our own style sheet and icon: even markup that got through could load no script.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def add_headers(response: Response) -> Response:
    """Ask the browser to be careful with every page."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """Make the application.

    Without `config`, settings come from `config.py` in the instance folder and from environment
    variables that start with `FLASKR_`. With it they come from there alone, so that a test never
    meets the settings of the machine it runs on. A RuntimeError says so if there is no SECRET_KEY.
    """
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_mapping(
        DATABASE=str(Path(app.instance_path) / "flaskr.sqlite"),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    if config is None:
        app.config.from_pyfile("config.py", silent=True)
        app.config.from_prefixed_env("FLASKR")
    else:
        app.config.from_mapping(config)
    if not app.config["SECRET_KEY"]:
        raise RuntimeError(
            "Flaskr needs a secret key to sign its cookies. Set FLASKR_SECRET_KEY to what "
            "`python -c 'import secrets; print(secrets.token_hex())'` prints, and keep it secret."
        )
    for part in (db, csrf, errors, auth, blog):
        part.register(app)
    app.after_request(add_headers)
    return app
