"""Sending the client elsewhere, wherever that is.

The target of a redirect often comes from the request (`next=...`), and a client may have put
anything into it. HTTP has no way to write some of that; instead of failing, a redirect then leads
to a place that does not exist.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from werkzeug.urls import iri_to_uri
from werkzeug.utils import redirect as werkzeug_redirect
from werkzeug.wrappers import Response as BaseResponse

from .response import Response

# These two are compiled by the first redirect: the half characters alone take a third of a
# millisecond and 200 KB.
UNWRITABLE: Final = r"[\x00-\x1f\x7f\ud800-\udfff]"
"""What no URL may hold as it is: control characters, among them the ends of lines, and halves of
characters."""

NO_HOST: Final = r"(?i:https?:///+)"
"""The beginning of a URL that lacks its host: what routing makes for a request without one."""

PATH_ONLY: Final = "/?#%!$&'()*+,;=-._~"
"""What of a URL that is none stays as it is: nothing that begins a scheme, a host or a port."""


REMEMBERED: Final = Response
"""The class whose redirects are remembered: places that one is sent to are mostly the same."""

LONGEST: Final = 256
"""How long a place may be, in characters, to be remembered."""

MOST: Final = 512
"""How many redirects are remembered; then all are forgotten."""

_sent: Final[dict[tuple[str, int], tuple[bytes, str]]] = {}
"""The pages and targets of redirects, by place and status, as Werkzeug made them."""


def target_of(location: str) -> str:
    """A redirect's target as something a `Location` header can carry.

    Control characters are percent-encoded (RFC 3986, section 2.1). What cannot be read as a URL,
    because its host or port is missing or impossible, becomes a path.

    :param location: a URL or a path; it may hold characters beyond ASCII.
    """
    target = re.sub(UNWRITABLE, lambda found: quote(found[0], errors="surrogatepass"), location)
    target = re.sub(NO_HOST, "/", target, count=1) if re.match(NO_HOST, target) else target
    try:
        iri_to_uri(target)
    except ValueError:
        return "/" + quote(target, safe=PATH_ONLY).lstrip("/")
    return target


def redirect(location: str, code: int, kind: type[BaseResponse]) -> BaseResponse:
    """A response that sends the client elsewhere.

    :param location: where to; see `target_of`.
    :param code: the status: 301, 302, 303, 307 or 308.
    :param kind: the class of the response.
    """
    plain = type(location) is str and len(location) <= LONGEST and type(code) is int
    if kind is not REMEMBERED or not plain:
        return werkzeug_redirect(target_of(location), code, kind)
    known = _sent.get((location, code))
    if known is None:
        response = werkzeug_redirect(target_of(location), code, kind)
        if len(_sent) >= MOST:
            _sent.clear()
        _sent[location, code] = response.get_data(), response.headers["Location"]
        return response
    page, target = known
    response = Response(page, code, mimetype="text/html")
    response.headers["Location"] = target
    return response
