"""How a Python value becomes JSON text by the book, which every quicker way is held to.

`standard_text` is the book: the standard library, told by `default_json` about the types that
Flask's documentation adds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final
from uuid import UUID

from typedflask.json import codec
from typedflask.json.dates import http_date_of
from typedflask.json.models import model_conversion
from typedflask.json.where import place_of_unwritable

_CANNOT_HOLD: Final = "JSON cannot hold an object of type"


# Any: whatever an application tries to write arrives here, and any JSON value may leave.
def default_json(value: Any, /) -> Any:
    """Turn a value the JSON encoder does not know into one it does.

    Dates and datetimes become HTTP dates (RFC 9110, in GMT; a datetime without a zone counts as
    UTC), `Decimal` and `UUID` strings, dataclasses objects, and whatever has an `__html__` method
    the markup it returns, as Flask's documentation says. An `Enum` becomes its value, objects of
    attrs, msgspec Structs and pydantic models what `models` makes of them: additions of ours, asked
    about last.

    :raises TypeError: the value is of no such type.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return http_date_of(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    markup = getattr(value, "__html__", None)
    if markup is not None:
        return str(markup())
    from_model = model_conversion(value)
    if from_model is not None:
        return from_model(value)
    raise TypeError(
        f"{_CANNOT_HOLD} {type(value).__name__!r}; turn it into text, a "
        "number, a list or a dict first, or give app.json a `default` that does"
    )


def iso_json(value: Any, /) -> Any:
    """As `default_json`, with dates and datetimes in the form of ISO 8601 and RFC 3339.

    `class Shop(DefaultJSONProvider): default = staticmethod(iso_json)` chooses it for responses
    and everything else the application writes. A datetime without a zone is written without one.

    :raises TypeError: the value is of no type that JSON can hold.
    """
    if isinstance(value, date) and not isinstance(value, Enum):
        return value.isoformat()
    return default_json(value)


def standard_text(value: Any, options: Mapping[str, Any]) -> str:
    """Write a value with the standard library; `options` are those of `json.dumps`.

    :raises TypeError: something in the value cannot be written, or keys cannot be sorted.
    :raises ValueError: the value contains itself or is nested too deeply.
    """
    try:
        return json.dumps(value, **options)
    except RecursionError:
        raise _too_deep() from None
    except TypeError as error:
        raise _clearer(error, value, options.get("default")) from None


def default_text(
    value: Any, *, default: Callable[[Any], Any], sort_keys: bool, ensure_ascii: bool
) -> str:
    """What `standard_text` writes with these options, by an encoder kept ready.

    :param default: a function that lives as long as the program, such as `default_json`.

    :raises TypeError: something in the value cannot be written, or keys cannot be sorted.
    :raises ValueError: the value contains itself or is nested too deeply.
    """
    try:
        return _encoder(default, sort_keys, ensure_ascii).encode(value)
    except RecursionError:
        raise _too_deep() from None
    except TypeError as error:
        raise _clearer(error, value, default) from None


@cache
def _encoder(
    default: Callable[[Any], Any], sort_keys: bool, ensure_ascii: bool, /
) -> json.JSONEncoder:
    return json.JSONEncoder(default=default, sort_keys=sort_keys, ensure_ascii=ensure_ascii)


def _too_deep() -> ValueError:
    return ValueError(f"this value is {codec.TOO_DEEP} to be written as JSON; flatten it")


def _clearer(error: TypeError, value: Any, default: Callable[[Any], Any] | None, /) -> TypeError:
    """The error itself, or one that explains it better."""
    message = str(error)
    if "'<' not supported" in message:
        return TypeError(
            "a dict has keys of several types, which cannot be put in order; use keys of one type "
            f"or set app.json.sort_keys = False ({error})"
        )
    if default is not None and message.startswith((_CANNOT_HOLD, "keys must be")):
        place = place_of_unwritable(value, default)
        if place is not None:
            return TypeError(f"{message} (it is {place})")
    return error
