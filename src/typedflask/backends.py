"""Backends by name: what `SESSION_BACKEND = "redis"` and its like may say, and what is imported then.

A `BackendNames` is the table of one seam. Its rows are this package's backends, imported when
chosen; distributions installed beside it add names through an entry point of the table's group,
applications through `add`, and `"package.module:name"` names anything that can be imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from importlib import import_module
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar

from .newer_typing import TypeIs

T = TypeVar("T")


class UnknownBackend(LookupError):
    """No backend has the name that was asked for; the message lists those there are."""

    def __str__(self) -> str:
        # LookupError shows the repr of its argument when it is a KeyError; a sentence has none.
        return str(self.args[0])


class MissingLibrary(ImportError):
    """A backend was asked for whose library is not installed; the message says what to install."""


class BackendName(NamedTuple):
    """One row: a name and where the backend is found.

    :param name: what the configuration says.
    :param where: `"package.module:name"`.
    :param about: one line for the manual.
    :param extra: the extra of this package that brings its library; None when it needs none.
    """

    name: str
    where: str
    about: str
    extra: str | None = None


class BackendNames(Generic[T]):
    """The backends of one seam that can be chosen by name.

    :param kind: what they are, for messages: `"JSON backend"`.
    :param key: the configuration key that names one.
    :param group: the group of entry points that add names.
    :param accepts: whether something that was imported is a backend of this seam.
    :param wants: what `accepts` asks for, in words that complete "it must be …".
    :param rows: those of this package.
    """

    def __init__(
        self,
        kind: str,
        key: str,
        group: str,
        accepts: Callable[[object], TypeIs[T]],
        wants: str,
        rows: Iterable[BackendName],
    ) -> None:
        self.kind = kind
        self.key = key
        self.group = group
        self.wants = wants
        self._accepts = accepts
        self._rows: dict[str, BackendName] = {row.name: row for row in rows}

    def __iter__(self) -> Iterator[BackendName]:
        return iter(self._rows.values())

    def add(self, row: BackendName, /) -> None:
        """Give a backend a name; a name that is taken gets a new meaning, for every application."""
        self._rows[row.name] = row

    def find(self, name: str, /) -> T:
        """Import the backend that has a name.

        Rows come first, then `"package.module:name"`, then the entry points of what is installed.

        :param name: the name.
        :raises UnknownBackend: nothing has it.
        :raises MissingLibrary: the library it stands on is not installed.
        :raises ImportError: it cannot be imported for another reason.
        :raises TypeError: what has the name is no backend of this seam.
        """
        row = self._rows.get(name)
        if row is not None:
            found = self._import_row(row)
        elif ":" in name:
            try:
                found = import_by_name(name)
            except ImportError as error:
                error.add_note(f"{self.key} is {name!r}.")
                raise
        else:
            found = self._load_entry_point(name)
        if not self._accepts(found):
            raise TypeError(
                f"{self.key} is {name!r}, and that is a {type(found).__name__} that cannot serve"
                f" as a {self.kind}; it must be {self.wants}."
            )
        return found

    def _import_row(self, row: BackendName) -> object:
        try:
            return import_by_name(row.where)
        except MissingLibrary:
            raise
        except ImportError as error:
            ours = (error.name or "").startswith("typedflask")
            if row.extra is None or ours:
                raise
            raise missing_library(f"the {self.kind} {row.name!r}", row.extra) from error

    def _load_entry_point(self, name: str) -> object:
        # Reading the metadata of all that is installed takes milliseconds: not before it is needed.
        from importlib.metadata import entry_points

        found = tuple(entry_points(group=self.group, name=name))
        if found:
            return found[0].load()
        names = [*self._rows, *sorted(entry_points(group=self.group).names)]
        close = get_close_matches(name, names, 1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise UnknownBackend(
            f"{self.key} is {name!r}, and no {self.kind} has that name.{hint} There are"
            f" {', '.join(map(repr, names))}; a distribution adds one through the entry point"
            f" group {self.group!r}, and 'package.module:name' names any other."
        )

    def describe(self) -> str:
        """The table as Markdown, for the manual."""
        lines = [f"| `{self.key}` | what it is | needs |", "| --- | --- | --- |"]
        lines += [
            f"| `{row.name!r}` | {row.about} | {f'`typedflask[{row.extra}]`' if row.extra else ''} |"
            for row in self
        ]
        return "\n".join(lines) + "\n"


def import_by_name(where: str, /) -> object:
    """What `"package.module:name"` stands for; the name may have dots of its own.

    :raises ImportError: there is no such module, or nothing of that name in it.
    """
    module_name, _, path = where.partition(":")
    module = import_module(module_name)
    try:
        found: object = attrgetter(path)(module)
    except AttributeError as error:
        raise ImportError(f"{module_name} has no {path!r}", name=module_name) from error
    return found


def missing_library(what: str, extra: str, /) -> MissingLibrary:
    """The error of a backend whose library is not installed, to be raised from the `ImportError`.

    :param what: the backend, as the sentence begins.
    :param extra: the extra that brings the library.
    """
    return MissingLibrary(
        f"{what[:1].upper()}{what[1:]} needs a library that is not installed:"
        f' pip install "typedflask[{extra}]"'
    )


__all__ = [
    "BackendName",
    "BackendNames",
    "MissingLibrary",
    "UnknownBackend",
    "import_by_name",
    "missing_library",
]
