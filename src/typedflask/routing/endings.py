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

    __slots__ = ("names", "readers", "rule")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.names: tuple[str, ...] = names_of(rule)
        self.readers: tuple[Reader, ...] | None = readers_of(rule)
        """What reads each value, where it does no more than `int` or `str`."""

    def match(self, values: tuple[str, ...]) -> Match | None:
        """The match with these texts of the variables; None if a converter refuses one."""
        rule, readers = self.rule, self.readers
        arguments: dict[str, Any] = {}
        try:
            if readers is not None:
                for name, read, value in zip(self.names, readers, values, strict=True):
                    arguments[name] = read(value)
            else:
                for (name, converter), value in zip(rule.variables.items(), values, strict=True):
                    arguments[name] = converter.to_python(value)
        except ValueError:
            # Of too many digits, or a converter's own; Werkzeug tells the two apart.
            return None
        if rule.defaults:
            arguments.update(rule.defaults)
        return rule, arguments


def names_of(rule: Rule) -> tuple[str, ...]:
    """The names of a rule's variables, in their order."""
    if rule.read is not None:
        return tuple(variable.name for variable in rule.read)
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


class Lone:
    """Paths of a known beginning, after which nothing but one variable can come.

    It stands for one segment of the tree and the place behind it, so that nothing needs walking.

    :param fits: whether a text in ASCII is one for the variable.
    :param taken: the texts for which there are rules without variables.
    """

    __slots__ = ("_fits", "_found", "_taken")

    def __init__(self, fits: Callable[[str], bool], taken: frozenset[str]) -> None:
        self._fits = fits
        self._taken = taken
        self._found: dict[str, tuple[Rule, str, Reader]] = {}

    def add(self, method: str, ending: Ending, read: Reader) -> None:
        """Remember what a method leads to; of the methods that rules name only."""
        self._found[method] = ending.rule, ending.names[0], read

    def match(self, text: str, method: str) -> Match | None:
        """The match with this text of the variable, if it is as simple as that."""
        found = self._found.get(method)
        if found is None or text in self._taken or not (text.isascii() and self._fits(text)):
            return None
        rule, name, read = found
        try:
            return rule, {name: read(text)}
        except ValueError:  # too many digits
            return None
