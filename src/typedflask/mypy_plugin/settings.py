"""The checks of `app.config["KEY"]`: the values of built-in keys, and keys that are mis-spelt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from mypy.nodes import (
    BytesExpr,
    CallExpr,
    Expression,
    FuncDef,
    IntExpr,
    NameExpr,
    StrExpr,
    TypeInfo,
)
from mypy.plugin import CheckerPluginInterface, MethodSigContext
from mypy.subtypes import is_subtype
from mypy.types import CallableType, FunctionLike, Instance, LiteralType, Type, get_proper_type

from .project import Projects
from .reporting import CONFIG, named_arguments, path_of, report, text_of
from .views import Lookup, shown

SHORTEST: Final = 6
"""Shorter names are too close to too many others."""


class Settings:
    """The hooks for reading and setting configuration keys.

    :param projects: the projects that are being checked.
    :param lookup: finds a definition by its full name.
    """

    def __init__(self, projects: Projects, lookup: Lookup) -> None:
        self.projects = projects
        self.lookup = lookup

    def set_item(self, context: MethodSigContext) -> FunctionLike:
        """`config["KEY"] = value`, `config.setdefault("KEY", value)`."""
        if len(context.args) == 2 and context.args[0] and context.args[1]:
            key = text_of(context.args[0][0])
            if key is not None:
                self._check(context.api, key, context.args[1][0])
        return context.default_signature

    def update(self, context: MethodSigContext) -> FunctionLike:
        """`config.update(KEY=value)`."""
        if isinstance(context.context, CallExpr):
            for key, value in named_arguments(context.context):
                self._check(context.api, key, value)
        return context.default_signature

    def read(self, context: MethodSigContext) -> FunctionLike:
        """`config["KEY"]`, `config.get("KEY")`."""
        key = text_of(context.args[0][0]) if context.args and context.args[0] else None
        known = self._types()
        if key is not None and key not in known:
            found = self.projects.at(path_of(context.api))
            meant = meant_key(key, known)
            if meant is not None and found is not None and key not in found[0].set_keys:
                message = f"No configuration key is called {key!r}. Did you mean {meant!r}?"
                report(context.api, message, context.args[0][0], CONFIG)
        return context.default_signature

    def _check(self, api: CheckerPluginInterface, key: str, value: Expression) -> None:
        wanted = self._types().get(key)
        if wanted is None:
            return
        given = api.get_expression_type(value, wanted)
        if is_subtype(given, wanted):
            return
        # Only now: it imports much of the package, and most projects have nothing to report.
        from typedflask.config.settings import SETTINGS

        if any(SETTINGS[key].accepts(literal) for literal in literals(value)):
            return
        given = get_proper_type(given)
        if isinstance(given, LiteralType):
            given = given.fallback
        if isinstance(given, Instance):  # a secret that is written out is not shown
            given = Instance(given.type, given.args, given.line, given.column)
        wants = SETTINGS[key].wants
        message = (
            f"The configuration key {key!r} cannot be set to {shown(given)}; it wants {wants}."
        )
        report(api, message, value, CONFIG)

    def _types(self) -> dict[str, Type]:
        """What `Config.from_mapping` takes for the built-in keys."""
        found = self.lookup("typedflask.config.config.Config")
        config = None if found is None else found.node
        method = config.get_method("from_mapping") if isinstance(config, TypeInfo) else None
        typ = method.type if isinstance(method, FuncDef) else None
        if not isinstance(typ, CallableType):
            return {}
        pairs = zip(typ.arg_names, typ.arg_types, strict=True)
        return {name: own for name, own in pairs if name is not None and name.isupper()}


def literals(value: Expression) -> Iterator[object]:
    """The value of an expression that is written out."""
    if isinstance(value, StrExpr | IntExpr):
        yield value.value
    elif isinstance(value, BytesExpr):
        yield value.value.encode("latin-1")
    elif isinstance(value, NameExpr) and value.name in {"True", "False", "None"}:
        yield {"True": True, "False": False}.get(value.name)


def meant_key(key: str, known: Collection[str]) -> str | None:
    """The known key that differs in one letter, or in two that changed places."""
    if len(key) < SHORTEST or not key.isupper():
        return None
    found = [each for each in known if is_slip(key, each)]
    return found[0] if len(found) == 1 else None


def is_slip(written: str, meant: str) -> bool:
    """Whether two words differ by one slip of the pen.

    A letter more or less at the end is no slip: `SECRET_KEYS` is a name of its own.
    """
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    rest, other = written[start:], meant[start:]
    if not rest or not other:
        return False
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return other in {swapped, rest[1:]} or rest == other[1:] or rest[1:] == other[1:]
