"""Waiting for a lock by asking again and again, for stores whose servers tell nobody of its end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

FIRST_PAUSE: Final = 0.001
LONGEST_PAUSE: Final = 0.025
"""Seconds between two attempts; they grow from the first to the longest."""


def ask_until(get: Callable[[], bool], wait: float) -> None:
    """Call a function until it gets the lock; at least once.

    :param get: tries to get the lock, and says whether it has.
    :param wait: seconds after which it is given up.
    :raises TimeoutError: others had the lock for the whole of the wait.
    """
    deadline = time.monotonic() + wait
    pause = FIRST_PAUSE
    while not get():
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"others had the lock of this session for {wait:g} seconds")
        # Those who wait are not to ask at the same moment again.
        time.sleep(min(left, pause * random.uniform(0.5, 1)))
        pause = min(pause * 1.5, LONGEST_PAUSE)


__all__ = ["ask_until"]
