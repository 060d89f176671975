"""What the surroundings of the process say: the `FLASK_*` switches.

Both doors that start an application, `app.run()` and the command line, ask here, so that they
answer alike. Nothing in this room knows an application.
"""

from __future__ import annotations

import os
from typing import Final

NO_WORDS: Final = frozenset({"0", "false", "no", "off"})
"""How a switch in the environment says no, in any mixture of upper and lower case."""


def switch(name: str, default: bool) -> bool:
    """Read a yes-or-no variable of the environment.

    :param name: the variable, such as `FLASK_DEBUG`.
    :param default: the answer when the variable is unset or empty.
    """
    value = os.environ.get(name, "").strip()
    return value.lower() not in NO_WORDS if value else default


def get_debug_flag() -> bool:
    """Say whether `FLASK_DEBUG` asks for debug mode; without it, it is off.

    Flask's documentation names the variable. The words `0`, `false`, `no` and `off` mean no.
    """
    return switch("FLASK_DEBUG", default=False)


def get_load_dotenv(default: bool = True) -> bool:
    """Say whether `.env` files shall be read; `FLASK_SKIP_DOTENV=1` forbids it.

    :param default: the answer when `FLASK_SKIP_DOTENV` is unset or empty.
    """
    return not switch("FLASK_SKIP_DOTENV", default=not default)


__all__ = ["get_debug_flag", "get_load_dotenv"]
