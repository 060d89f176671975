"""Settings that cannot work, alone or together with what the application does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from ..sessions import SecureCookieSessionInterface
from .folders import creation
from .problem import Place, Problem
from .python_calls import calls_of, imported
from .subject import Check, Source, Subject

NAME: Final = "configuration"
WRITING: Final = frozenset({"pop", "popitem", "clear", "update", "setdefault"})
"""The methods of a session that change it."""


def check(subject: Subject) -> Iterator[Problem]:
    """Find settings that cannot work."""
    yield from _no_secret_key(subject)
    config = subject.app.config
    same_site: object = config["SESSION_COOKIE_SAMESITE"]
    secure = config["SESSION_COOKIE_SECURE"] or config["SESSION_COOKIE_PARTITIONED"]
    if isinstance(same_site, str) and same_site.lower() == "none" and not secure:
        yield Problem(
            NAME,
            "SESSION_COOKIE_SAMESITE is 'None' and SESSION_COOKIE_SECURE is off: browsers refuse"
            " such a cookie, so that no session is kept. Set SESSION_COOKIE_SECURE.",
            setting(subject, "SESSION_COOKIE_SAMESITE"),
        )
    server: object = config["SERVER_NAME"]
    if isinstance(server, str) and "/" in server:
        yield Problem(
            NAME,
            f"SERVER_NAME is {server!r}, and must be a host, with a port if needed. The scheme is"
            " PREFERRED_URL_SCHEME, the path APPLICATION_ROOT.",
            setting(subject, "SERVER_NAME"),
        )


def _no_secret_key(subject: Subject) -> Iterator[Problem]:
    kind = type(subject.app.session_interface)
    if subject.app.config["SECRET_KEY"] or not issubclass(kind, SecureCookieSessionInterface):
        return
    own = SecureCookieSessionInterface
    if (kind.open_session, kind.get_signing_serializer) != (
        own.open_session,
        own.get_signing_serializer,
    ):
        return  # signs with something else
    for source in subject.sources:
        place = next(session_changes(source), None)
        if place is not None:
            yield Problem(
                NAME,
                "SECRET_KEY is not set, and the session is changed here, which will fail. Set it to"
                " a long random value that nobody else knows.",
                place,
            )
            return


def session_changes(source: Source) -> Iterator[Place]:
    """Where a file changes the session, or flashes a message, which is kept in it."""
    names, _ = imported(source.tree)
    sessions = {name for name, own in names.items() if own == "session"}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            target: ast.expr = node.value
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITING
        ):
            target = node.func.value
        else:
            continue
        if isinstance(target, ast.Name) and target.id in sessions:
            yield source.at(node)
    for _, call in calls_of(source, {"flash"}):
        yield source.at(call)


def setting(subject: Subject, key: str) -> Place:
    """Where a file sets a key, or names it at all; else where the application is made."""
    for source in subject.sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and node.value == key:
                return source.at(node)
            if isinstance(node, ast.keyword) and node.arg == key:
                return source.at(node.value)
            if isinstance(node, ast.Name) and node.id == key:
                return source.at(node)
    return creation(subject, subject.app.name)


CHECK: Final = Check(
    NAME,
    "settings that cannot work: no SECRET_KEY though the session is changed, a cookie for other"
    " sites that is not secure, a SERVER_NAME that is no host",
    check,
)
"""The row of the table."""
