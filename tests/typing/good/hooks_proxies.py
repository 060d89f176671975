"""Attributes are known through the proxies, too."""
import logging
from typing import assert_type

from typedflask import Config, Flask, Request, current_app, request

app = Flask(__name__)


def describe(given: Request) -> str:
    return given.path


@app.get("/")
def index() -> dict[str, str | None]:
    assert_type(current_app.name, str)
    assert_type(current_app.debug, bool)
    assert_type(current_app.logger, logging.Logger)
    assert_type(current_app.config, Config)
    assert_type(request.path, str)
    assert_type(request.endpoint, str | None)
    return {"path": describe(request), "agent": request.headers.get("User-Agent")}
