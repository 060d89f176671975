"""What a rule says about its view: the variables in it, their types, and what does not fit.

`typedflask check` and the mypy plugin both read rules here, so that they say the same. Nothing
here needs a running application: a rule is text, a view is a list of parameters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias
from uuid import UUID

Kind: TypeAlias = Literal["by position", "by name", "other positions", "other names"]
"""How a view takes a parameter; those taken `by name` may be taken by position as well."""

BUILT_IN_CONVERTERS: Final[Mapping[str, type]] = {
    "default": str,
    "string": str,
    "path": str,
    "any": str,
    "int": int,
    "float": float,
    "uuid": UUID,
}
"""What the converters that every application has give to a view."""

VARIABLE: Final = re.compile(
    r"<(?:(?P<converter>[^\W\d]\w*)(?:\((?P<arguments>[^>]*?)\))?:)?(?P<name>[^\W\d]\w*)>",
    re.ASCII,
)


class MalformedRule(ValueError):
    """A rule that cannot be read; the message says where."""


class Variable(NamedTuple):
    """A variable of a rule: `<converter(arguments):name>`."""

    name: str
    converter: str = "default"
    arguments: str = ""

    def __str__(self) -> str:
        arguments = f"({self.arguments})" if self.arguments else ""
        prefix = "" if self.converter == "default" else f"{self.converter}{arguments}:"
        return f"<{prefix}{self.name}>"


@dataclass(frozen=True)
class RuleText:
    """A rule, taken apart: its static parts and its variables, in the order they are written."""

    text: str
    parts: tuple[str | Variable, ...]

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        """The variables by name."""
        return {part.name: part for part in self.parts if isinstance(part, Variable)}


class Parameter(NamedTuple):
    """A parameter of a view, without `self`."""

    name: str
    kind: Kind = "by name"
    required: bool = True


@lru_cache(maxsize=1024)
def read_rule(text: str) -> RuleText:
    """Take a rule apart.

    :param text: the rule, such as `/users/<int:user_id>`.
    :raises MalformedRule: an angle bracket does not belong to a variable, or two variables have
        the same name.
    """
    parts: list[str | Variable] = []
    names: set[str] = set()
    end = 0
    for found in VARIABLE.finditer(text):
        parts += _static(text, end, found.start())
        end = found.end()
        name = found["name"]
        if name in names:
            raise MalformedRule(f"The rule {text!r} has two variables called {name!r}.")
        names.add(name)
        parts.append(Variable(name, found["converter"] or "default", found["arguments"] or ""))
    parts += _static(text, end, len(text))
    return RuleText(text, tuple(parts))


def _static(text: str, start: int, end: int) -> list[str]:
    part = text[start:end]
    wrong = re.search(r"[<>]", part)
    if wrong is not None:
        raise MalformedRule(
            f"The rule {text!r} has a {wrong[0]!r} at position {start + wrong.start()} that is not"
            " part of a variable. A variable is written <name> or <converter:name>."
        )
    return [part] if part else []


def unknown_converters(rule: RuleText, known: Collection[str]) -> Iterator[str]:
    """A sentence for each converter of a rule that is neither built in nor among the known ones.

    :param rule: the rule.
    :param known: the names of the project's own converters.
    """
    names = {*BUILT_IN_CONVERTERS, *known}
    for variable in rule.variables.values():
        if variable.converter not in names:
            from difflib import get_close_matches  # seldom needed, and slow to import

            close = get_close_matches(variable.converter, sorted(names), 1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            yield (
                f"The rule {rule.text!r} uses the converter {variable.converter!r}, which nobody"
                f" registered.{hint}"
            )


def mismatches(
    rule: RuleText,
    view: str,
    parameters: Iterable[Parameter],
    *,
    defaults: Collection[str] = (),
    taken_out: Collection[str] | None = (),
    put_in: bool = False,
) -> Iterator[str]:
    """A sentence for each way in which a view cannot be called with the values of its rule.

    Values are given by name, so what counts is which names the view takes.

    :param rule: the rule.
    :param view: what to call the view in the sentence.
    :param parameters: what the view takes.
    :param defaults: the names that the rule, or its blueprint, has default values for.
    :param taken_out: variables that a `url_value_preprocessor` takes out before the view is
        called; None when that cannot be known, so that the view may lack any.
    :param put_in: whether a `url_value_preprocessor` may add values that the rule lacks.
    """
    taken = {parameter.name: parameter for parameter in parameters}
    takes_any = any(parameter.kind == "other names" for parameter in taken.values())
    given = {
        **dict.fromkeys(rule.variables, "the variable"),
        **dict.fromkeys(defaults, "a default"),
    }
    for name, what in given.items():
        parameter = taken.get(name)
        if parameter is not None and parameter.kind == "by position":
            yield (
                f"The view {view!r} takes {name!r} by position only, but {what} of the rule"
                f" {rule.text!r} is given by name."
            )
        elif (
            (parameter is None or parameter.kind != "by name")
            and not takes_any
            and taken_out is not None
            and name not in taken_out
        ):
            yield (
                f"The view {view!r} has no parameter for {what} {name!r} of the rule {rule.text!r}."
            )
    for parameter in taken.values():
        plain = parameter.kind in {"by position", "by name"}
        if plain and parameter.required and parameter.name not in given and not put_in:
            yield (
                f"The view {view!r} needs a value for {parameter.name!r}, and the rule"
                f" {rule.text!r} has no variable or default of that name."
            )
