"""The rules of a loaded application, as the checks look at them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.routing import BaseConverter, Map
from werkzeug.routing import Rule as BaseRule

from ..routing.rule import Rule
from .contract import Function
from .problem import Place
from .rules import RuleText, Variable
from .signatures import node_of, place_of, plain_function

if TYPE_CHECKING:
    from .subject import Subject

WITH_RULE = frozenset({"route", "get", "post", "put", "patch", "delete", "add_url_rule"})
"""The methods that register a rule, which is their first argument."""


@dataclass(frozen=True, slots=True)
class Route:
    """A rule and the view that answers it."""

    rule: BaseRule
    endpoint: str
    view: Function | None


def routes(subject: Subject) -> Iterator[Route]:
    """The rules that lead to views, in the order of the map, each with its view."""
    for rule in rules_of(subject.app.url_map):
        if not rule.build_only and rule.redirect_to is None:
            endpoint = str(rule.endpoint)
            yield Route(rule, endpoint, subject.app.view_functions.get(endpoint))


def rules_of(url_map: Map) -> Iterator[BaseRule]:
    """Every rule of a map; in the order of registration, as the map keeps it until it is used."""
    return url_map.iter_rules()


def converters_of(rule: BaseRule) -> Mapping[str, BaseConverter]:
    """The converters of a rule's variables; empty for rules of classes that do not tell."""
    return rule.variables if isinstance(rule, Rule) else {}


def names_in(rule: BaseRule) -> set[str]:
    """The names a rule gives values for: its variables, and those it has defaults for."""
    names: set[str] = getattr(rule, "arguments")  # Werkzeug leaves open what is in the set
    return names


def text_of(rule: BaseRule) -> RuleText:
    """A rule that was taken apart by Werkzeug, as the reading of rules that is shared has it."""
    defaults = rule.defaults or {}
    names = list(converters_of(rule)) or sorted(names_in(rule) - set(defaults))
    return RuleText(rule.rule, tuple(Variable(name) for name in names))


def place_of_route(subject: Subject | None, route: Route) -> Place:
    """Where a rule is registered: at the decorator or call that has its text, else its view."""
    view = route.view
    if view is not None:
        decorator = _decorator_of(view, route.rule.rule)
        if decorator is not None:
            return decorator
    if subject is not None:
        call = next(_calls(subject, route), None)
        if call is not None:
            return call
    return Place() if view is None else place_of(getattr(view, "view_class", view))


def _decorator_of(view: Function, rule: str) -> Place | None:
    """The line of the decorator that has the rule, or the end of it, behind a prefix."""
    view = inspect.unwrap(view)
    node, plain = node_of(view), plain_function(view)
    if node is None or plain is None or isinstance(node, ast.Lambda):
        return None
    for decorator in node.decorator_list:
        if _registers(decorator, rule):
            line = plain.__code__.co_firstlineno + decorator.lineno - 1
            return Place(plain.__code__.co_filename, line)
    return None


def _registers(node: ast.expr, rule: str) -> bool:
    """Whether an expression is a call that registers a rule, or the end of one behind a prefix."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr not in WITH_RULE:
        return False
    texts = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "rule")]
    return any(
        isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and f"/{rule.lstrip('/')}".endswith(f"/{text.value.lstrip('/')}")
        for text in texts
    )


def _calls(subject: Subject, route: Route) -> Iterator[Place]:
    """Where `add_url_rule` is called with a rule's text, and its endpoint or its view's name."""
    names = {route.endpoint, route.endpoint.rpartition(".")[2]}
    view_class: object = getattr(route.view, "view_class", route.view)
    own_name: object = getattr(view_class, "__name__", None)
    for source in subject.sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _registers(node, route.rule.rule):
                said = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}
                said |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                said |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
                if said & (names | {own_name}):
                    yield source.at(node)
