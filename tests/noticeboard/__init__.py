"""A noticeboard: one application that uses much of what Flask's documentation describes.

`test_same_application.py` runs it twice, as it stands here and with `flask` in its imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typedflask import Flask

from . import bodies, desk, failing, files, hooks, pages, state

if TYPE_CHECKING:
    from collections.abc import Mapping


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    """Make the application; `app.extensions["events"]` tells what happened in which order."""
    app = Flask(__name__, static_url_path="/files")
    app.config.from_mapping(SECRET_KEY="on the board", MAX_CONTENT_LENGTH=5000)
    app.config.from_mapping(settings)
    hooks.register(app)
    for part in (bodies, pages, state, files, failing):
        part.register(app)
    app.register_blueprint(desk.desk)
    app.register_blueprint(desk.desk, name="counter", url_prefix="/counter")
    return app
