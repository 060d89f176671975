"""What every engine does alike about values in a page: which are escaped, and JSON in a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from markupsafe import Markup

AUTOESCAPED: Final = (".html", ".htm", ".xml", ".xhtml", ".svg")
"""The endings of files whose values are escaped."""

UNSAFE_IN_SCRIPTS: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}
"""Characters that mean something to HTML, and how JSON may spell them instead."""


def select_jinja_autoescape(filename: str | None) -> bool:
    """Say whether values in a template are escaped, by its name; Flask's documented endings.

    :param filename: the template's name, or None for one that was given as text.
    :returns: True for text and for the endings in `AUTOESCAPED`, in capitals too.
    """
    return filename is None or filename.lower().endswith(AUTOESCAPED)


class DumpsJSON(Protocol):
    """The application's JSON provider, as templates need it."""

    # Its parameters are open: how a provider spells its options is its own affair.
    @property
    def dumps(self) -> Callable[..., str]:
        """Write a value as JSON."""
        ...


# Any: what becomes JSON, and by which options, is decided by the provider.
def json_for_html(provider: DumpsJSON, value: Any, /, **options: Any) -> Markup:
    """Write a value as JSON that may stand in a `<script>` or in an attribute.

    :param provider: writes the JSON.
    :param value: what is written.
    :param options: the provider's own.
    :returns: JSON without any character that HTML gives a meaning, marked as needing no escape.
    """
    text = provider.dumps(value, **options)
    for character, spelled in UNSAFE_IN_SCRIPTS.items():
        text = text.replace(character, spelled)
    return Markup(text)
