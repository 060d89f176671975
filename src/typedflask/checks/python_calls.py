"""Calls of the framework's functions in Python files, with the names under which a file knows them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import Final

from .subject import Source

PACKAGES: Final = frozenset({"typedflask", "flask"})
"""The package, and the name under which an alias may offer it."""

CATCHING: Final = frozenset(
    {"BuildError", "TemplateNotFound", "TemplatesNotFound", "LookupError", "Exception"}
)
"""Exceptions that somebody catches who knows that a URL or a template may not be there."""

ASKING: Final = frozenset({"blueprints", "view_functions", "url_map"})
"""What somebody asks before using something that may not be registered."""


def calls_of(source: Source, functions: Collection[str]) -> Iterator[tuple[str, ast.Call]]:
    """Each call of one of the functions, with the function's own name.

    Calls that are prepared for failing, or that are made only where something is registered, are
    left out: see `prepared`.

    :param source: the file.
    :param functions: names of functions that the package offers at its front door.
    """
    names, modules = imported(source.tree)
    passed_over = prepared(source.tree)
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or id(node) in passed_over:
            continue
        function = node.func
        if isinstance(function, ast.Name):
            own = names.get(function.id)
            if own in functions:
                yield str(own), node
        elif (
            isinstance(function, ast.Attribute)
            and function.attr in functions
            and isinstance(function.value, ast.Name)
            and (function.value.id in modules or names.get(function.value.id) == "current_app")
        ):
            yield function.attr, node


def imported(tree: ast.Module) -> tuple[dict[str, str], set[str]]:
    """What a file imports of the package: its names for functions, and for the package itself.

    A name that the file also gives another meaning somewhere is left out.
    """
    names: dict[str, str] = {}
    modules: set[str] = set()
    own: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            ours = node.level == 0 and (node.module or "").split(".")[0] in PACKAGES
            for alias in node.names:
                if ours:
                    names[alias.asname or alias.name] = alias.name
                else:
                    own.add(alias.asname or alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                target = modules if alias.name in PACKAGES else own
                target.add(alias.asname or alias.name.split(".")[0])
        else:
            own.update(_defined(node))
    return {name: kept for name, kept in names.items() if name not in own}, modules - own


def prepared(tree: ast.Module) -> set[int]:
    """The ids of nodes that run only after asking what is registered, or whose errors are caught."""
    found: set[int] = set()
    for node in ast.walk(tree):
        guarded: list[ast.stmt] = []
        if isinstance(node, ast.Try) and any(_catches(handler) for handler in node.handlers):
            guarded = node.body
        elif isinstance(node, ast.If) and ASKING & _words(node.test):
            guarded = [*node.body, *node.orelse]
        for statement in guarded:
            found.update(map(id, ast.walk(statement)))
    return found


def _catches(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or bool(CATCHING & _words(handler.type))


def _words(node: ast.expr) -> set[str]:
    """Every name and attribute in an expression."""
    walked = list(ast.walk(node))
    names = {n.id for n in walked if isinstance(n, ast.Name)}
    return names | {n.attr for n in walked if isinstance(n, ast.Attribute)}


def _defined(node: ast.AST) -> Iterator[str]:
    """A name that a node gives a meaning."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id


def literals(node: ast.expr | None) -> Iterator[list[str]]:
    """The literal texts an expression stands for, any one of each list being enough."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield [node.value]
    elif isinstance(node, ast.List | ast.Tuple):
        found = [texts for item in node.elts for texts in literals(item)]
        if len(found) == len(node.elts):
            yield [text for texts in found for text in texts]
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def argument(call: ast.Call, name: str) -> ast.expr | None:
    """The first argument of a call, given by position or by this name."""
    if call.args:
        first = call.args[0]
        return None if isinstance(first, ast.Starred) else first
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
