"""The application's logger, and where it writes when nobody configured logging.

Behaviour from Flask's documentation, "Logging".
"""

from __future__ import annotations

import sys
from logging import DEBUG, Formatter, Handler, Logger, StreamHandler, getLogger
from typing import Final, Protocol, TextIO

from .ctx import find_request_context
from .proxies import proxy_to


class LoggingApp(Protocol):
    """What the logger asks of the application."""

    @property
    def name(self) -> str: ...
    @property
    def debug(self) -> bool: ...


def errors_stream() -> TextIO:
    """Where the server wants errors of the active request, else standard error."""
    context = find_request_context()
    if context is None:
        return sys.stderr
    stream: TextIO = context.request.environ["wsgi.errors"]
    return stream


wsgi_errors_stream: Final[TextIO] = proxy_to(errors_stream, "never unbound")
"""A stream for log handlers: the server's error stream during a request, else `sys.stderr`."""

default_handler: Final[Handler] = StreamHandler(wsgi_errors_stream)
"""The handler of an application's logger when logging was not configured."""

default_handler.setFormatter(Formatter("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"))


def has_level_handler(logger: Logger) -> bool:
    """Whether a handler of the logger, or of one it propagates to, takes messages of its level."""
    level = logger.getEffectiveLevel()
    current: Logger | None = logger
    while current is not None:
        if any(handler.level <= level for handler in current.handlers):
            return True
        current = current.parent if current.propagate else None
    return False


def create_logger(app: LoggingApp) -> Logger:
    """The logger of an application, named like it.

    In debug mode its level is `DEBUG` unless it has one; it writes with `default_handler` unless
    somebody configured a handler for it.
    """
    logger = getLogger(app.name)
    if app.debug and not logger.level:
        logger.setLevel(DEBUG)
    if not has_level_handler(logger):
        logger.addHandler(default_handler)
    return logger
