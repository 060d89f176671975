"""What a `.env` file says, as python-dotenv reads it; imported when such a file is read."""

from __future__ import annotations

from io import StringIO

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from typedflask.config.errors import ConfigError


def variables_of(source: bytes, path: str) -> dict[str, str]:
    """The variables of a `.env` file; a name without a value is none.

    `${NAME}` in a value stands for that variable of the file or of the environment.

    :param source: the file's content, in UTF-8.
    :param path: the file, for messages.
    :raises ConfigError: a line cannot be read; the message says which and shows nothing of it.
    """
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"the configuration file {path} cannot be read: line {line} is not UTF-8"
        ) from None
    wrong = [binding.original.line for binding in parse_stream(StringIO(text)) if binding.error]
    if wrong:
        raise ConfigError(
            f"the configuration file {path} cannot be read: line {wrong[0]} is not of the form"
            " NAME=value"
        )
    values = dotenv_values(stream=StringIO(text))
    return {name: value for name, value in values.items() if value is not None}


__all__ = ["variables_of"]
