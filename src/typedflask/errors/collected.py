"""Several errors at once: what the functions of a teardown raised, of which each one runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeGuard

SEVERAL: Final = "several teardown functions raised"
"""The message of the group of errors that a teardown ends with."""


def raise_collected(errors: Sequence[BaseException]) -> None:
    """Raise what the functions of a teardown raised: the error itself, or all of them as a group.

    An interrupt (`KeyboardInterrupt`, `SystemExit`) is raised itself, caused by the others: those
    who wait for one do not look into groups.

    :param errors: in the order in which they were raised; nothing happens when it is empty.
    """
    if not errors:
        return
    collected = list(_members(errors))
    interrupt = next((error for error in collected if not isinstance(error, Exception)), None)
    if interrupt is not None:
        others = [error for error in collected if error is not interrupt]
        raise interrupt from (BaseExceptionGroup(SEVERAL, others) if others else None)
    if len(collected) == 1:
        raise collected[0]
    raise BaseExceptionGroup(SEVERAL, collected)


def _members(errors: Iterable[BaseException]) -> Iterator[BaseException]:
    """The errors, with those of groups that an earlier step raised in the place of the group."""
    for error in errors:
        if _is_collected(error):
            yield from error.exceptions
        else:
            yield error
            cause = error.__cause__
            if _is_collected(cause):
                yield from cause.exceptions


def _is_collected(error: BaseException | None) -> TypeGuard[BaseExceptionGroup[BaseException]]:
    """Whether an error is a group that was raised here."""
    return isinstance(error, BaseExceptionGroup) and error.message == SEVERAL
