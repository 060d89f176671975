"""`json.dumps` and its family: JSON for the application whose context is active.

Without one they write and read as an application with the default provider would, but for the
order of keys; only `jsonify`, which makes a response, needs an application.
"""

from __future__ import annotations

from typing import IO, Any, AnyStr, overload

from werkzeug.wrappers import Response as BaseResponse

from typedflask.json.asking import active_json as active_json
from typedflask.json.decode import read_json, standard_value
from typedflask.json.encode import default_json, standard_text
from typedflask.json.provider import JSONProvider

# Any, in all of this module: the provider of the application decides what can be written.


def dumps(obj: Any, **kwargs: Any) -> str:
    """Write a value as JSON text, by `app.json.dumps` of the active application if there is one.

    Without one the standard library writes it, with the types of the default provider added. From
    Flask's documentation on JSON support.

    :param obj: the value.
    :param kwargs: options for the provider's `dumps`.
    :raises TypeError: the value, or something in it, cannot be written.
    """
    provider = active_json()
    if provider is not None:
        return provider.dumps(obj, **kwargs)
    return standard_text(obj, {"default": default_json} | kwargs)


def dump(obj: Any, fp: IO[str], **kwargs: Any) -> None:
    """Write a value as JSON text into an open text file; see `dumps`.

    :param obj: the value.
    :param fp: the file; should it encode, then as UTF-8 to be valid JSON.
    :param kwargs: options for the provider's `dump`.
    :raises TypeError: the value, or something in it, cannot be written.
    """
    provider = active_json()
    if provider is not None:
        provider.dump(obj, fp, **kwargs)
    else:
        fp.write(dumps(obj, **kwargs))


def loads(s: str | bytes, **kwargs: Any) -> Any:
    """Read JSON text, by `app.json.loads` of the active application if there is one.

    :param s: text, or bytes in UTF-8, UTF-16 or UTF-32.
    :param kwargs: options for the provider's `loads`.
    :raises ValueError: the text is not JSON.
    """
    provider = active_json()
    if provider is not None:
        return provider.loads(s, **kwargs)
    return standard_value(s, kwargs) if kwargs else read_json(s)


def load(fp: IO[AnyStr], **kwargs: Any) -> Any:
    """Read JSON text from an open text or binary file; see `loads`.

    :param fp: the file.
    :param kwargs: options for the provider's `load`.
    :raises ValueError: the file's content is not JSON.
    """
    provider = active_json()
    if provider is not None:
        return provider.load(fp, **kwargs)
    return loads(fp.read(), **kwargs)


@overload
def jsonify(*args: Any) -> BaseResponse: ...
@overload
def jsonify(**kwargs: Any) -> BaseResponse: ...
def jsonify(*args: Any, **kwargs: Any) -> BaseResponse:
    """Make a response whose body is JSON, by `app.json.response` of the active application.

    One positional argument is sent as it is, several as a list, keywords as an object, and nothing
    at all as null. From Flask's documentation on JSON support.

    :raises RuntimeError: no application is active.
    :raises TypeError: there are both positional arguments and keywords, or the value cannot be
        written.
    """
    return response_provider().response(*args, **kwargs)


def response_provider() -> JSONProvider:
    """The active application's provider, for functions that make a response of JSON.

    A floor that knows this package's response class declares its own `jsonify` in two lines: this
    call, and the check that narrows the response.

    :raises RuntimeError: no application is active.
    """
    provider = active_json()
    if provider is None:
        raise RuntimeError(
            "jsonify() makes a response for the active application, and none is active. During a "
            "request one is; elsewhere, enter a context first: `with app.app_context(): ...`"
        )
    return provider
