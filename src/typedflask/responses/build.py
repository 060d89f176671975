"""From what a view returned to a response: unpack, convert, apply.

`(body, status, headers)` is taken apart, the body is converted by the table of rules, status and
headers are put on (Flask's documentation, "About Responses").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, cast

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as BaseResponse

from ..newer_typing import TypeIs
from .response import Response, as_own_response, put_code
from .rules import ResponseRules

if TYPE_CHECKING:
    from .contract import Kit


def unpack(result: tuple[object, ...], kit: Kit) -> tuple[object, object, object]:
    """A view's result as body, status and headers; None where a part was not given.

    :param result: what the view returned.
    :param kit: knows what the view is called, for the error.
    :raises TypeError: it is a tuple, but of none of the documented forms.
    """
    if len(result) == 3:
        return result
    if len(result) == 2:
        body, second = result
        if isinstance(second, (dict, list, tuple, Headers, Mapping)):
            return body, None, cast("object", second)
        return body, second, None
    raise TypeError(
        f"{kit.answering()} returned a tuple of {len(result)}: {shown(result)}. A tuple is (body,"
        " status), (body, headers) or (body, status, headers)."
    )


def build(result: object, rules: ResponseRules, kit: Kit) -> Response:
    """The response for what a view returned.

    :param result: what the view returned.
    :param rules: the application's conversion table.
    :param kit: the application and the request.
    :raises TypeError: the result, its status or its headers are of no documented form.
    :raises ValueError: the status is not one HTTP can send.
    """
    whole: Any = result  # Any: `cast` would be a call for each tuple
    if not isinstance(result, tuple):
        return converted(result, rules, kit)
    parts: tuple[object, ...] = whole
    if len(parts) == 2:
        body, code = parts
        if type(code) is int and 100 <= code <= 999:  # most tuples, without a look at their kind
            convert = rules.by_class.get(type(body))
            response = converted(body, rules, kit) if convert is None else convert(body, kit)
            if type(response) is Response:
                put_code(response, code)
            else:
                response.status_code = code
            return response
    body, status, headers = unpack(parts, kit)
    response = converted(body, rules, kit)
    if status is not None:
        apply_status(response, status, kit)
    if headers is not None:
        apply_headers(response, headers, kit)
    return response


def converted(body: object, rules: ResponseRules, kit: Kit) -> Response:
    """The response for what a view returned, or for the body in it.

    :raises TypeError: no rule accepts it.
    """
    convert = rules.by_class.get(type(body))
    if convert is not None:
        return convert(body, kit)
    response = rules.convert(body, kit)
    return refuse(body, rules, kit) if response is None else as_own_response(response)


def refuse(body: object, rules: ResponseRules, kit: Kit) -> NoReturn:
    """Say which view returned what, and what it may return."""
    from .chosen_rules import PATHS, RECORDS

    what = (
        "None: it ended without a return statement, or returned nothing"
        if body is None
        else f"{type(body).__name__}: {shown(body)}"
    )
    hint = "".join(
        f" Applications that add the row {name}, by `app.with_rule({name})`, also send {row.name}."
        for name, row in (("RECORDS", RECORDS), ("PATHS", PATHS))
        if row.accepts(body)
    )
    raise TypeError(
        f"{kit.answering()} returned {what}. A view may return {'; '.join(rules.names())}; or a tuple"
        " (body, status), (body, headers) or (body, status, headers) whose body is one of these."
        f"{hint}"
    )


def is_status_line(text: str) -> bool:
    """Whether a text is a status of three digits, or one and words behind a space."""
    number = text.partition(" ")[0]
    is_status = len(number) == 3 and number.isascii() and number.isdecimal() and number[0] != "0"
    return is_status and "\n" not in text


def apply_status(response: BaseResponse, status: object, kit: Kit) -> None:
    """Set the status of a response from a number, an `http.HTTPStatus` or a status line."""
    if isinstance(status, int) and not isinstance(status, bool) and 100 <= status <= 999:
        response.status_code = int(status)
    elif isinstance(status, str) and is_status_line(status):
        response.status = status
    elif isinstance(status, (int, str)) and not isinstance(status, bool):
        raise ValueError(
            f"{kit.answering()} returned the status {status!r}. A status is a number of three"
            ' digits, such as 201, or a line such as "201 CREATED".'
        )
    else:
        raise TypeError(
            f"{kit.answering()} returned a status of type {type(status).__name__}: {shown(status)}."
            " A status is an int, an http.HTTPStatus or a str."
        )


def apply_headers(response: BaseResponse, headers: object, kit: Kit) -> None:
    """Set headers; one that is given replaces the response's, and may be given several times."""
    if is_simple(headers):
        for name, value in headers.items():
            response.headers[name] = value
        return
    try:
        given = headers if isinstance(headers, Headers) else Headers(_pairs(headers))
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{kit.answering()} returned the headers {shown(headers)}: {error}. Headers are a dict,"
            " a list of (name, value) pairs or Werkzeug's Headers; names and values are text on"
            " one line."
        ) from error
    for name in {key.lower(): key for key, _ in given}.values():
        response.headers.setlist(name, given.getlist(name))


def is_simple(headers: object) -> TypeIs[dict[str, str]]:
    """Whether headers are a dict of text in single lines, none of whose names stands twice."""
    if type(headers) is not dict:
        return False
    names: set[str] = set()
    for name, value in cast("dict[object, object]", headers).items():
        if type(name) is not str or type(value) is not str or "\n" in value or "\r" in value:
            return False
        names.add(name.lower())
    return len(names) == len(cast("dict[object, object]", headers))


def _pairs(headers: object) -> list[tuple[str, str]]:
    """The pairs of any documented form of headers, one for each value."""
    if isinstance(headers, Mapping):
        items: Iterable[object] = cast("Mapping[object, object]", headers).items()
    elif isinstance(headers, (list, tuple)):
        items = cast("Iterable[object]", headers)
    else:
        raise TypeError(f"{type(headers).__name__} cannot be read as headers")
    pairs: list[tuple[str, str]] = []
    for item in items:
        name, value = _pair(item)
        if isinstance(value, (list, tuple)):
            pairs += [(name, str(each)) for each in cast("Iterable[object]", value)]
        else:
            pairs.append((name, str(value)))
    return pairs


def _pair(item: object) -> tuple[str, object]:
    """A header's name and value."""
    if isinstance(item, (list, tuple)):
        pair = list(cast("Iterable[object]", item))
        if len(pair) == 2 and isinstance(pair[0], str):
            return pair[0], pair[1]
    raise TypeError(f"{item!r} is not a pair of a name and a value")


def shown(value: object, width: int = 80) -> str:
    """A value's repr, cut to what fits a log line; a broken repr does not hide the real error."""
    try:
        text = repr(value)
    except Exception:  # the value is being reported because it is wrong already
        return f"<{type(value).__name__} whose repr fails>"
    return text if len(text) <= width else text[: width - 1] + "…"
