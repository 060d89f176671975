"""The question that the functions of this folder ask: which provider has the active application?

Apart from them, for those who only ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from typedflask.active import Active

if TYPE_CHECKING:
    from typedflask.json.provider import JSONProvider

active_json: Final[Active[JSONProvider]] = Active("find_json")
"""Which provider does the active application use?"""
