"""A file on its way to the client: read piece by piece, closed when it was sent.

A server that knows a faster way for files of the operating system is handed the file itself
(`wsgi.file_wrapper`, PEP 3333), where what it would send is certain to be the same.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..typing import FileValue

PIECE: Final = 64 * 1024
"""How much is read at once, in bytes, or in characters of text."""


class FileBody:
    """The rest of a file as the pieces of a response's body.

    :param file: open for bytes or for text, which is sent as UTF-8.
    """

    __slots__ = ("file",)

    def __init__(self, file: FileValue) -> None:
        self.file: FileValue = file

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        piece = self.file.read(PIECE)
        if not piece:
            raise StopIteration
        return piece.encode() if isinstance(piece, str) else piece

    def close(self) -> None:
        """Close the file, if it is of a kind that is closed."""
        close: object = getattr(self.file, "close", None)
        if callable(close):
            close()

    def for_server(self, environ: WSGIEnvironment) -> Iterable[bytes]:
        """The body as the server of this request sends it fastest; it closes the file, too."""
        # Any: whatever the server gives and takes, PEP 3333 asks for an iterable of bytes.
        wrap: Callable[[Any], Iterable[bytes]] | None = environ.get("wsgi.file_wrapper")
        return self if wrap is None or not is_plain(self.file) else wrap(self.file)


def is_plain(file: object) -> bool:
    """Whether a server that asks the operating system for the file's bytes gets the right ones.

    Files inside others (a gzip file) have the number of the outer one, and one that was read from
    may be ahead of what it has given.
    """
    raw: object = getattr(file, "raw", file)
    if type(raw) is not io.FileIO or type(file) not in {io.BufferedReader, io.FileIO}:
        return False
    given: Callable[[], int] = getattr(file, "tell")
    try:
        return os.lseek(raw.fileno(), 0, os.SEEK_CUR) == given()
    except (OSError, ValueError):  # a pipe; closed already
        return False
