"""What a place in the tree of rules leads to, and how the values of its variables are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from werkzeug.routing import BaseConverter, IntegerConverter
from werkzeug.routing import Rule as BaseRule
from werkzeug.routing.converters import NumberConverter

from .rule import Rule

Match: TypeAlias = tuple[BaseRule, dict[str, Any]]
"""The rule and the values of its variables. Any: converters make any value."""

Reader: TypeAlias = Callable[[str], Any]
"""Makes a value of a variable's text. Any: as above."""

# As they are when this room is imported; a program that puts others in their place is asked.
TEXT_AS_IT_IS: Final = BaseConverter.to_python
NUMBER_WITHIN_LIMITS: Final = NumberConverter.to_python


class Ending:
    """A rule that is the only one for a method where it stands, and how its values are read."""

    __slots__ = ("_steps", "names", "readers", "rule")

    def __init__(self, rule: Rule) -> None:
        self.rule: Rule = rule
        self.names: tuple[str, ...] = names_of(rule)
        self.readers: tuple[Reader, ...] | None = readers_of(rule)
        """What reads each value, where it does no more than `int` or `str`."""
        readers = self.readers or ()
        self._steps = [
            (name, read, at)
            for at, (name, read) in enumerate(zip(self.names, readers, strict=False))
        ]

    def match(self, values: tuple[str, ...]) -> Match | None:
        """The match with these texts of the variables; None if a converter refuses one."""
        rule = self.rule
        arguments: dict[str, Any]
        try:
            if self.readers is None:
                variables = zip(rule.variables.items(), values, strict=True)
                arguments = {name: each.to_python(value) for (name, each), value in variables}
            elif len(self._steps) == 1:
                name, read, _ = self._steps[0]
                arguments = {name: read(values[0])}
            else:
                arguments = {name: read(values[at]) for name, read, at in self._steps}
        except ValueError:
            # Of too many digits, or a converter's own; Werkzeug tells the two apart.
            return None
        if rule.defaults:
            arguments.update(rule.defaults)
        return rule, arguments


def names_of(rule: Rule) -> tuple[str, ...]:
    """The names of a rule's variables, in their order."""
    if rule.read is not None:
        return tuple(name for name, _ in rule.read)
    return tuple(rule.variables)


def readers_of(rule: Rule) -> tuple[Reader, ...] | None:
    """What reads the values of a rule, if none of its converters does more than `int` or `str`."""
    if rule.read is None or rule.is_compiled:
        return quick_readers(rule.variables.values())
    readers: list[Reader] = []
    for _, kind in rule.read:
        if kind.to_python is TEXT_AS_IT_IS:
            readers.append(str)
        elif kind is IntegerConverter and kind.to_python is NUMBER_WITHIN_LIMITS:
            readers.append(int)
        else:
            return quick_readers(rule.variables.values())
    return tuple(readers)


def quick_readers(converters: Iterable[BaseConverter]) -> tuple[Reader, ...] | None:
    """What the converters come to, if none of them does more than `int` or `str`.

    A number without limits is `int` of its text, and text is what it is; asking Werkzeug's own
    converters to do so takes longer. Those of other classes, or with a method replaced, are asked.
    """
    readers: list[Reader] = []
    for converter in converters:
        # Of the instance too: looking it up there finds the one that would be called.
        step = getattr(converter.to_python, "__func__", None)
        if step is TEXT_AS_IT_IS:
            readers.append(str)
        elif type(converter) is IntegerConverter and step is NUMBER_WITHIN_LIMITS:
            if converter.fixed_digits or converter.min is not None or converter.max is not None:
                return None
            readers.append(int)
        else:
            return None
    return tuple(readers)


Lone: TypeAlias = tuple[Callable[[str], bool], frozenset[str], Rule, str, Reader]
"""One variable, where nothing else can come: whether a text in ASCII is one for it; the texts for
which there are rules without variables; its rule; its name; and what reads it."""


class Known:
    """What was found for a method, and needs no looking for.

    Of methods that rules name, paths of rules and beginnings of these: a client can invent none.
    """

    __slots__ = ("lone", "settled")

    def __init__(self) -> None:
        self.settled: dict[str, Match] = {}
        """Matches by path, of rules without variables."""
        self.lone: dict[str, Lone] = {}
        """The one variable that can follow a path, by this path."""
