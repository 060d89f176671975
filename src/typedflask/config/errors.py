"""What goes wrong while an application is configured, and how it is said without showing secrets."""

from __future__ import annotations

LONGEST_SHOWN = 120
"""Characters of a value that a message shows; more would hide the sentence around it."""


class ConfigError(ValueError):
    """A configuration value or source cannot be used; the message says which, why and what to do.

    It is a `ValueError`, as are the errors of the JSON and TOML parsers that it replaces.
    """


class VariableNotSet(ConfigError, RuntimeError):
    """`Config.from_envvar` was told to read an environment variable that is not set.

    It is a `RuntimeError` as well, which is what Flask raises there.
    """


def shown(value: object, *, secret: bool) -> str:
    """How a message shows a value: its repr and its type, or only the type of a secret.

    A repr that fails or goes on for long must not replace the message it is part of.
    """
    kind = type(value).__name__
    if secret:
        return f"a value of type {kind} (not shown, because it may be a secret)"
    try:
        text = repr(value)
    except Exception:
        return f"a value of type {kind}"
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]}…"
    return f"{text} ({kind})"
