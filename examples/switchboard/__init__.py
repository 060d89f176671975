"""A shop's basket that leaves it to the configuration how JSON, sessions and pages are made.

    JSON_BACKEND      default, stdlib, orjson, msgspec
    SESSION_BACKEND   cookie, memory, file, redis, sqlalchemy, cachelib (and SESSION_STORE: where)
    TEMPLATE_ENGINE   jinja, minijinja, mako, htpy

No line of the views knows which of them is in use; `tests/` runs the same tests with each.
Try one with::

    FLASK_SESSION_BACKEND=file FLASK_JSON_BACKEND=msgspec flask --app switchboard run
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from typedflask import Flask

from .api import api
from .pages import pages

LANGUAGES: Final = {"jinja": "jinja", "minijinja": "jinja", "mako": "mako"}
"""The language that the templates of an engine are written in; htpy's pages are functions."""


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """Make the application.

    :param config: stands above the environment, whose variables begin with `FLASK_`.
    """
    app = Flask(__name__)
    app.config.from_mapping({"SECRET_KEY": "only for this example"})
    app.config.from_prefixed_env()
    app.config.from_mapping(config or {})
    engine = app.config["TEMPLATE_ENGINE"] or "jinja"
    if engine == "htpy":
        from .elements import name_pages

        name_pages(app)
    else:
        app.template_folder = f"templates/{LANGUAGES[engine]}"
    app.register_blueprint(pages)
    app.register_blueprint(api, url_prefix="/api")
    return app
