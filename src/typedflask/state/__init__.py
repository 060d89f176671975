"""State with declared types: `g`, the session, the configuration and the application.

Each function here takes a class and gives a stand-in for what belongs to the active context, typed
as that class: what is not declared is an error to a type checker and when the program runs. The
classic names (`g`, `session`, `current_app`, `app.config`) see the same things.

`declared.py` reads classes and makes stand-ins, `kinds.py` checks values against annotations, and
each of the others is one function of the manual's page "State with types".
"""

from __future__ import annotations

from .application import current
from .namespace import typed_g
from .session import Session, SessionData, UndeclaredKey, typed_session
from .settings import load_config, typed_config

__all__ = [
    "Session",
    "SessionData",
    "UndeclaredKey",
    "current",
    "load_config",
    "typed_config",
    "typed_g",
    "typed_session",
]
