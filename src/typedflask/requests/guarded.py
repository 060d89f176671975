"""Reading what clients put into headers and addresses, without failing over the impossible.

Werkzeug reads a header when its attribute is first asked for, and answers None or something empty
where the header makes no sense. A few values slip through and raise; here they do not. A view that
asks for `request.url` or `request.if_modified_since` never pays for a client's nonsense with a 500.
"""

from __future__ import annotations

from datetime import UTC, datetime

from werkzeug.datastructures import Authorization, IfRange
from werkzeug.http import parse_date, parse_if_range_header
from werkzeug.sansio.utils import get_current_url
from werkzeug.utils import cached_property, header_property
from werkzeug.wrappers import Request as BaseRequest


def read_date(value: str | None) -> datetime | None:
    """A date of HTTP; None for what is not one, or lies beyond the years that can be counted."""
    try:
        date = parse_date(value)
        if date is not None:
            # The first and the last day there are may be a day too far elsewhere.
            date.astimezone(UTC)
        return date
    except (OverflowError, ValueError):
        return None


def read_if_range(value: str | None) -> IfRange:
    """An `If-Range` header (RFC 9110, section 13.1.5): an entity tag or a date.

    What is neither is kept as a tag no resource has, so that the whole resource is sent.
    """
    try:
        found = parse_if_range_header(value)
    except (OverflowError, ValueError):
        return IfRange(etag="")
    if found.date is not None:
        date = read_date(value)
        return IfRange(etag="") if date is None else IfRange(date=date)
    impossible = found.etag is not None and '"' in found.etag
    return IfRange(etag="") if impossible else found


class GuardedRequest(BaseRequest):
    """Werkzeug's request, with the few attributes that impossible input made raise."""

    date: header_property[datetime | None] = header_property(
        "Date", None, read_date, doc="When the request was sent, or None.", read_only=True
    )

    @cached_property
    def authorization(self) -> Authorization | None:
        """The credentials of the `Authorization` header; None without one that can be read."""
        try:
            return Authorization.from_header(self.headers.get("Authorization"))
        except ValueError:
            return None

    @cached_property
    def if_modified_since(self) -> datetime | None:
        """The date of the `If-Modified-Since` header, or None."""
        return read_date(self.headers.get("If-Modified-Since"))

    @cached_property
    def if_unmodified_since(self) -> datetime | None:
        """The date of the `If-Unmodified-Since` header, or None."""
        return read_date(self.headers.get("If-Unmodified-Since"))

    @cached_property
    def if_range(self) -> IfRange:
        """The tag or date of the `If-Range` header; neither when it was not sent."""
        return read_if_range(self.headers.get("If-Range"))

    @cached_property
    def url(self) -> str:
        """The whole address the request was sent to, query string included."""
        return self._address(self.root_path, self.path, self.query_string)

    @cached_property
    def base_url(self) -> str:
        """The address without its query string."""
        return self._address(self.root_path, self.path)

    @cached_property
    def root_url(self) -> str:
        """The address of the application: scheme, host and the path it is mounted at."""
        return self._address(self.root_path)

    @cached_property
    def host_url(self) -> str:
        """Scheme and host."""
        return self._address()

    def _address(
        self, root: str | None = None, path: str | None = None, query: bytes | None = None
    ) -> str:
        try:
            return get_current_url(self.scheme, self.host, root, path, query)
        except ValueError:
            # Not an address with this host (or root, or scheme, where a proxy reports nonsense).
            # A host that holds characters no host has is an empty one in Werkzeug; so is this.
            scheme = self.scheme if self.scheme.isalnum() else "http"
            rooted = None if root is None else "/" + root.lstrip("/")
            return get_current_url(scheme, "", rooted, path, query)
