"""Locks between processes: a file that one can have to oneself, with an end to waiting.

The lock belongs to the open file and not to the process (`flock`), so it holds between threads
too, and the operating system gives it back when its process dies.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from typedflask.sessions.stores.polling import ask_until


@contextmanager
def locked(path: Path, *, wait: float, remove: bool = False) -> Generator[None]:
    """Have a file to oneself.

    :param path: the file; made if it is not there.
    :param wait: seconds after which waiting is given up.
    :param remove: whether the file goes with the lock, for locks of which there are many.
    :raises TimeoutError: others had it all the time.
    :raises OSError: the file cannot be made or locked.
    """
    descriptor = _take(path, wait)
    try:
        yield
    finally:
        try:
            if remove:
                with suppress(FileNotFoundError):
                    path.unlink()
        finally:
            # Before closing: a process forked meanwhile has the same open file and keeps it.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)


def _take(path: Path, wait: float) -> int:
    """Open and lock a file; its descriptor."""
    give_up = time.monotonic() + wait
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            # `flock` can wait, but not for a limited time.
            ask_until(partial(_try, descriptor, path), max(0.0, give_up - time.monotonic()))
            # Whoever had it may have removed it: then this lock is that of a file without a name.
            if _is_at(descriptor, path):
                return descriptor
        except TimeoutError as error:
            os.close(descriptor)
            raise TimeoutError(f"{error}: {path}") from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _try(descriptor: int, path: Path) -> bool:
    """Lock an open file, if nobody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        error.filename = str(path)
        raise
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether a name still stands for an open file."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


__all__ = ["locked"]
