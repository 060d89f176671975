"""The question that the functions of this folder ask: which provider has the active application?

Apart from them, because it is answered wherever an application runs, also one without JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from typedflask.active import Active

if TYPE_CHECKING:
    from typedflask.json.provider import JSONProvider

active_json: Final[Active[JSONProvider]] = Active()
"""Which provider does the active application use?"""
