"""Sessions in files of one folder: for one machine, with any number of threads and processes.

A session is a file whose name is a hash of its id, and what it holds is a header of fixed size and
the payload. A change writes another file and renames it, so whoever reads sees the old session or
the new one and never half of either. Writers of one id take turns through the locks of the
operating system, which end with the process that has them.

The locks are `flock`, on a file system of this machine; over a network it is up to the server
whether they hold. Windows has none of that kind.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from typedflask.sessions.stores.contract import StoredSession, StoreOptions
from typedflask.sessions.stores.file_format import HEADER_SIZE, Header, join, split

try:
    from typedflask.sessions.stores.file_lock import locked
except ImportError as _error:  # pragma: no cover - Windows
    raise ImportError(
        "FileStore needs the file locks of POSIX (the module fcntl), which this system does not"
        " have; a store for one machine that works everywhere is SQLAlchemyStore with SQLite"
    ) from _error

WRITERS_WAIT = 10.0
"""Seconds to wait for another writer, who needs a millisecond, before something must be wrong."""
_SHARDS = 64
"""How many writers can be at work at once; each has a file, so more would cost more files."""


class FileStore:
    """Keeps each session in a file of its own.

    Files are readable by this user only (0600), and so is the folder (0700) where this store had
    to make it. Nothing removes expired sessions but `clean_up`, which belongs into a timetable.

    :param folder: where the files are; made if it is not there. Other files in it are left alone.
    :param prefix: sets these sessions apart from another application's in the same folder.
    :param fsync: whether a save waits until its session would survive a power failure. By default
        it does not: after one the newest sessions may be missing or old, and never half-written
        ones, which are noticed by their checksum.
    :param clock: gives the time in seconds since 1970; for tests.
    :raises OSError: the folder cannot be made.
    :raises ValueError: everybody may write into the folder, or it is not a folder.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        prefix: str = "",
        fsync: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = Path(folder).absolute()
        self._fsync = fsync
        self._clock = clock
        # The prefix may hold signs that a file name cannot.
        self._tag = hashlib.sha256(prefix.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._own = re.compile(rf"{self._tag}-(?P<key>[0-9a-f]{{64}})(?P<kind>|\.new|\.lock)")
        _make_private(self._folder)

    @classmethod
    def configured(cls, options: StoreOptions, /) -> Self:
        """Make the store that the configuration names: `SESSION_STORE` is a folder.

        Without it the folder is `sessions` in the instance folder; a relative one is relative to
        the instance folder too.

        :raises ValueError: what is named is a URL, or no folder that can be used.
        """
        location = "sessions" if options.location is None else options.location
        if not location or "://" in location:
            # The rest of a URL is not shown: it may hold a password.
            what = f"a URL ({location.partition(':')[0]}://…)" if location else "empty"
            raise ValueError(
                f"SESSION_STORE is {what}, but the file store keeps sessions in a folder: give its"
                " path, or leave the setting out for `sessions` in the instance folder"
            )
        folder = Path(options.instance_path, location)
        try:
            return cls(folder, prefix=options.prefix)
        except OSError as error:
            raise ValueError(f"sessions cannot be kept in {str(folder)!r}: {error}") from error

    # --- the contract --------------------------------------------------------------------

    def load(self, session_id: str, /) -> StoredSession[bytes] | None:
        """See `SessionStore.load`; a file that is damaged is no session."""
        key = _key(session_id)
        found = split(self._read(key))
        if found is None and self._path(key).exists():
            # A touch may have been writing just now; behind the writers' lock nobody is.
            with self._writing(key):
                found = split(self._read(key))
        if found is None or found.header.end <= self._clock():
            return None
        return StoredSession(found.payload, found.header.version)

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: bytes | None
    ) -> bytes | None:
        """See `SessionStore.save`.

        :raises OSError: no room, no permission or no folder; the error names the file.
        """
        key = _key(session_id)
        with self._writing(key):
            present = self._living(key)
            if (present.version if present else None) != expected:
                return None
            header = Header(version=os.urandom(16), end=self._clock() + lifetime)
            self._replace(key, join(header, payload))
            return header.version

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        """See `SessionStore.touch`; only the header is written, in its place."""
        key = _key(session_id)
        with self._writing(key):
            present = self._living(key)
            if present is None:
                return False
            path = self._path(key)
            with _naming(path), path.open("r+b", buffering=0) as file:
                file.write(present.until(self._clock() + lifetime).packed())
            return True

    def delete(self, session_id: str, /) -> None:
        """See `SessionStore.delete`."""
        key = _key(session_id)
        with self._writing(key):
            self._path(key).unlink(missing_ok=True)

    def clean_up(self) -> int:
        """Remove expired and damaged sessions, and what processes that died left half-done.

        :returns: how many sessions were removed.
        """
        with os.scandir(self._folder) as entries:
            names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        return sum(self._clean(name) for name in names)

    @contextmanager
    def lock(self, session_id: str, /, *, wait: float, hold: float) -> Generator[None]:
        """See `SessionLocks.lock`; `hold` is ignored, as these locks end with their holder."""
        with locked(self._path(_key(session_id), ".lock"), wait=wait, remove=True):
            yield

    # --- files ---------------------------------------------------------------------------

    def _path(self, key: str, kind: str = "") -> Path:
        """The file of a session, or one beside it."""
        return self._folder / f"{self._tag}-{key}{kind}"

    @contextmanager
    def _writing(self, key: str) -> Generator[None]:
        """Be the only one in all processes to change the sessions of this shard."""
        shard = int(key[:4], 16) % _SHARDS
        with locked(self._folder / f"{self._tag}-writers-{shard:02}", wait=WRITERS_WAIT):
            yield

    def _read(self, key: str) -> bytes:
        """A session's file as it is; nothing if there is none."""
        path = self._path(key)
        try:
            with _naming(path):
                return path.read_bytes()
        except FileNotFoundError:
            self._folder.stat()  # a folder that is gone is an outage, and no empty session
            return b""

    def _living(self, key: str) -> Header | None:
        """The header of a session, unless that is missing, damaged or expired."""
        found = split(self._read(key))
        return found.header if found and self._clock() < found.header.end else None

    def _replace(self, key: str, content: bytes) -> None:
        """Put a session's file into its place in one step; only behind the writers' lock."""
        path, new = self._path(key), self._path(key, ".new")
        try:
            with _naming(new), open(new, "wb", opener=_private) as file:
                file.write(content)
                if self._fsync:
                    file.flush()
                    os.fsync(file.fileno())
            new.replace(path)
        except OSError:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise
        if self._fsync:
            with _naming(self._folder):
                _fsync_folder(self._folder)

    def _clean(self, name: str) -> bool:
        """Remove a file if it is one of ours and of no use; whether it was a session."""
        ours = self._own.fullmatch(name)
        if ours is None:
            return False
        key, kind = ours["key"], ours["kind"]
        if kind == ".lock":
            # Whose process died; one that is held cannot be had and stays.
            with suppress(TimeoutError), locked(self._folder / name, wait=0, remove=True):
                pass
            return False
        if kind == ".new":
            with self._writing(key):
                self._path(key, kind).unlink(missing_ok=True)
            return False
        if self._is_useful(key):
            return False
        with self._writing(key):
            if self._living(key):
                return False
            try:
                self._path(key).unlink()
            except FileNotFoundError:
                return False
            return True

    def _is_useful(self, key: str) -> bool:
        """Whether a session lives, by its header alone, so that most files are not read whole."""
        path = self._path(key)
        try:
            with _naming(path), path.open("rb", buffering=0) as file:
                header = Header.unpacked(file.read(HEADER_SIZE))
                size = os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            return True
        return header is not None and header.fits(size) and self._clock() < header.end


def _key(session_id: str) -> str:
    """What stands for an id in names of files: no sign of the id itself gets there."""
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()


def _private(path: str, flags: int) -> int:
    """Open a file that this user alone may read, and not through somebody's link."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _fsync_folder(folder: Path) -> None:
    """Wait until the names in a folder would survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _naming(path: Path) -> Generator[None]:
    """Let an error say which file it is about; a full disk is reported without."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def _make_private(folder: Path) -> None:
    """Make a folder for this user alone, or see that one which is there can be trusted."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    mode = folder.stat().st_mode
    if not stat.S_ISDIR(mode):
        raise ValueError(f"sessions cannot be kept in {str(folder)!r}: it is not a folder")
    if mode & stat.S_IWOTH:
        raise ValueError(
            f"sessions cannot be kept in {str(folder)!r}: every user of this machine may write"
            " into it, and so forge a session. Name a folder inside it, or take the right away"
            " (chmod o-w)"
        )


__all__ = ["FileStore"]
