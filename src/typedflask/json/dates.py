"""Dates as HTTP writes them (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.

What Werkzeug's `http_date` gives for dates and datetimes, for rows of which it takes most of the time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("", "Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def http_date_of(value: date, /) -> str:
    """A date or datetime as an HTTP date; a datetime without a zone counts as UTC.

    :raises OverflowError: in UTC it would lie before the year 1 or after 9999.
    """
    time = "00:00:00"
    if isinstance(value, datetime):
        if value.tzinfo is not None and value.tzinfo is not UTC:
            value = value.astimezone(UTC)
        time = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    day = f"{_DAYS[value.weekday()]}, {value.day:02} {_MONTHS[value.month]} {value.year:04}"
    return f"{day} {time} GMT"
