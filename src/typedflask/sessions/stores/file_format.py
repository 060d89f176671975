"""How a session lies in a file: a header of fixed size, then the payload.

The header has a checksum of its own, so that it can be written anew without the payload, and it
holds the payload's. What does not fit together was damaged, or is not a session at all.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import Final
from zlib import crc32

_SIGN: Final = b"tf-sess1"
_FIELDS: Final = struct.Struct("<8s16sdQI")
_CHECKSUM: Final = struct.Struct("<I")

HEADER_SIZE: Final = _FIELDS.size + _CHECKSUM.size


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a session without its payload."""

    version: bytes
    """16 random bytes, others with every write."""
    end: float
    """When the session ends, in seconds since 1970."""
    size: int = 0
    """The length of the payload, in bytes."""
    checksum: int = 0
    """CRC-32 of the payload: against damage, not against forgers."""

    def packed(self) -> bytes:
        """The header as it lies in the file."""
        fields = _FIELDS.pack(_SIGN, self.version, self.end, self.size, self.checksum)
        return fields + _CHECKSUM.pack(crc32(fields))

    @classmethod
    def unpacked(cls, data: bytes) -> Header | None:
        """The header at the start of these bytes, or None if there is none."""
        fields, rest = data[: _FIELDS.size], data[_FIELDS.size : HEADER_SIZE]
        if len(rest) != _CHECKSUM.size or _CHECKSUM.pack(crc32(fields)) != rest:
            return None
        sign, version, end, size, checksum = _FIELDS.unpack(fields)
        return cls(version, end, size, checksum) if sign == _SIGN else None

    def until(self, end: float) -> Header:
        """The same header with another end."""
        return replace(self, end=end)

    def fits(self, file_size: int) -> bool:
        """Whether a file of this size holds the header and its payload."""
        return file_size == HEADER_SIZE + self.size


@dataclass(frozen=True, slots=True)
class Content:
    """A whole file."""

    header: Header
    payload: bytes


def join(header: Header, payload: bytes) -> bytes:
    """The file of a session."""
    whole = replace(header, size=len(payload), checksum=crc32(payload))
    return whole.packed() + payload


def split(data: bytes) -> Content | None:
    """What a file holds, or None if that is not a whole session."""
    header = Header.unpacked(data)
    if header is None or not header.fits(len(data)):
        return None
    payload = data[HEADER_SIZE:]
    return Content(header, payload) if crc32(payload) == header.checksum else None


__all__ = ["HEADER_SIZE", "Content", "Header", "join", "split"]
