"""The questions that this folder asks about the active application and request.

Apart from the rest, for those who only ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from typedflask.active import Active

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typedflask.templating.contract import TemplateApp

active_app: Final[Active[TemplateApp]] = Active("find_application")
"""Which application do the render functions act for?"""

keep_context: Final[Active[Callable[[Iterator[str]], Iterator[str]]]] = Active(
    "find_context_keeper"
)
"""What keeps the active request alive while a template is streamed? None outside a request."""

active_blueprint: Final[Active[str]] = Active("find_blueprint")
"""Which blueprint does the active request belong to? Only messages make use of it."""
