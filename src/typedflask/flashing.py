"""Flashed messages: kept in the session by one request, shown by the next.

Behaviour from Flask's documentation, "Message Flashing".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, Protocol, overload

from .ctx import request_context
from .notices import message_flashed

FLASHES: Final = "_flashes"
"""The session's key for messages that were not shown yet."""


class HasHTML(Protocol):
    """Text that knows it is safe HTML, such as `Markup`."""

    def __html__(self) -> str: ...


def flash(message: str | HasHTML, category: str = "message") -> None:
    """Keep a message for the next request that asks for messages.

    :param message: the text; `Markup` is shown unescaped.
    :param category: what kind of message it is: any word, often `error`, `info` or `warning`.
    """
    context = request_context()
    session = context.session
    # A new list, not an appended one: sessions notice assignments, not changes inside of values.
    session[FLASHES] = [*session.get(FLASHES, []), (category, message)]
    if message_flashed.receivers:
        app = context.app
        message_flashed.send(
            app, _async_wrapper=app.ensure_sync, message=message, category=category
        )


@overload
def get_flashed_messages(
    with_categories: Literal[False] = False, category_filter: Iterable[str] = ()
) -> list[str]: ...
@overload
def get_flashed_messages(
    with_categories: Literal[True], category_filter: Iterable[str] = ()
) -> list[tuple[str, str]]: ...
@overload
def get_flashed_messages(
    with_categories: bool = False, category_filter: Iterable[str] = ()
) -> list[str] | list[tuple[str, str]]: ...
def get_flashed_messages(
    with_categories: bool = False, category_filter: Iterable[str] = ()
) -> list[str] | list[tuple[str, str]]:
    """Take the messages out of the session; asked again in the same request, the same ones.

    :param with_categories: give pairs of category and message.
    :param category_filter: give only messages of these categories; a single one may be a `str`.
    """
    context = request_context()
    if context.flashes is None:
        session = context.session
        kept: list[tuple[str, str]] = session.pop(FLASHES) if FLASHES in session else []
        context.flashes = [(category, message) for category, message in kept]
    # A single word is an iterable of its letters, which nobody means.
    wanted = {category_filter} if isinstance(category_filter, str) else set(category_filter)
    shown = [pair for pair in context.flashes if not wanted or pair[0] in wanted]
    return shown if with_categories else [message for _, message in shown]
