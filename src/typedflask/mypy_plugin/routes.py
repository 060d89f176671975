"""The checks of a registered rule: its converters, its endpoint, its view."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, Context, Decorator, DictExpr, Expression, MemberExpr, NameExpr
from mypy.plugin import CheckerPluginInterface, MethodSigContext
from mypy.types import FunctionLike, Instance, Type, get_proper_type

from typedflask.checks.rules import (
    MalformedRule,
    RuleText,
    mismatches,
    read_rule,
    unknown_converters,
)

from .facts import Names
from .files import mypy_name
from .links import Owner
from .project import Projects
from .reporting import ROUTE, argument, is_none, path_of, report, spreads, text_of
from .views import (
    Lookup,
    View,
    class_of,
    class_views,
    is_temporary,
    literal_methods,
    position_of,
    views_of,
    wrong_types,
)
from .world import World, join_names


class Routes:
    """The hooks for everything that registers a rule.

    :param projects: the projects that are being checked.
    :param lookup: finds a definition by its full name.
    """

    def __init__(self, projects: Projects, lookup: Lookup) -> None:
        self.projects = projects
        self.lookup = lookup

    def decorated(self, context: MethodSigContext) -> FunctionLike:
        """`@app.route(...)` above a view, or called with one."""
        first = context.args[0][0] if context.args and context.args[0] else None
        if isinstance(context.context, Decorator) and first is not None:
            call = position_of(context.context, first)
            name, typ = context.context.func.name, is_temporary(first)
        elif isinstance(context.context, CallExpr) and first is not None:
            outer = context.context
            call = outer.callee if isinstance(outer.callee, CallExpr) else None
            name, typ = name_of(first), context.api.get_expression_type(first)
        else:
            return context.default_signature
        if call is not None:
            self._check(context.api, call, list(views_of(name, typ)))
        return context.default_signature

    def added(self, context: MethodSigContext) -> FunctionLike:
        """`app.add_url_rule(...)`."""
        call = context.context
        if isinstance(call, CallExpr) and isinstance(context.api, TypeChecker):
            view = argument(call, "view_func", 2)
            body: list[object] = list(context.api.tree.defs)
            info = class_of(view, body)
            if info is not None:
                methods = literal_methods(argument(call, "methods"))
                self._check(context.api, call, list(class_views(info, methods)))
            elif view is None or is_none(view) or isinstance(view, CallExpr):
                self._check(context.api, call, [])
            else:
                typ = context.api.get_expression_type(view)
                self._check(context.api, call, list(views_of(name_of(view), typ)))
        return context.default_signature

    def _check(self, api: CheckerPluginInterface, call: CallExpr, views: Sequence[View]) -> None:
        for message in self._problems(api, call, views):
            report(api, message, call, ROUTE)

    def _problems(
        self, api: CheckerPluginInterface, call: CallExpr, views: Sequence[View]
    ) -> Iterator[str]:
        found = self.projects.at(path_of(api))
        project, path = found if found is not None else (None, "")
        world = None if project is None else project.world(path)
        if world is not None:
            duplicate = world.duplicates.get((path, call.line, call.column))
            if duplicate is not None:
                yield duplicate
        text = text_of(argument(call, "rule", 0))
        if text is None:
            return
        try:
            read_rule(text)
        except MalformedRule as error:
            yield str(error)
            return
        scope = scope_of(api, call, path, world)
        converters = {} if world is None else world.converters
        if world is not None and not world.open_converters:
            yield from unknown_converters(read_rule(text), converters)
        for rule in scope.rules(text):
            for view in views:
                yield from self._of_view(api, call, rule, view, scope)

    def _of_view(
        self,
        api: CheckerPluginInterface,
        call: CallExpr,
        rule: RuleText,
        view: View,
        scope: RuleScope,
    ) -> Iterator[str]:
        defaults = join_names(scope.defaults, defaults_of(call))
        yield from mismatches(
            rule,
            view.name,
            view.parameters,
            defaults=defaults or (),
            taken_out=scope.takes,
            put_in=scope.puts or defaults is None,
        )
        if not scope.puts:
            yield from wrong_types(rule, view, self._converters(api, scope.world), self.lookup)

    def _converters(self, api: CheckerPluginInterface, world: World | None) -> dict[str, str]:
        """The classes of the project's converters, as mypy calls them."""
        found = self.projects.at(path_of(api))
        if world is None or found is None or not isinstance(api, TypeChecker):
            return {}
        source = found[0].files.by_path[found[1]]
        return {
            name: key if module is None else mypy_name(key, source, api.tree.fullname) or key
            for name, (key, module) in world.converters.items()
        }


class RuleScope(NamedTuple):
    """What is around a rule: the prefixes and defaults of blueprints, what preprocessors do."""

    world: World | None
    prefixes: Collection[str]
    defaults: Names
    takes: Names
    puts: bool

    def rules(self, text: str) -> Iterator[RuleText]:
        """The rule with each prefix it is registered under."""
        for prefix in self.prefixes:
            try:
                yield read_rule(f"{prefix}{text}" if "<" in prefix else text)
            except MalformedRule:
                continue


def scope_of(
    api: CheckerPluginInterface, call: CallExpr, path: str, world: World | None
) -> RuleScope:
    """What is known about the application or blueprint that a rule is registered with."""
    found = None if world is None else world.route_at(path, call.line, call.column)
    owner: Owner | None = None
    if found is not None:
        owner, _ = found
    if world is None or owner is None or owner.odd:
        sure = is_application(api, call)
        return RuleScope(world, [""], frozenset(), frozenset() if sure and world else None, True)
    takes, puts = world.preprocessed(owner)
    places = world.places(owner)
    prefixes = {place.prefix for place in places}
    defaults: Names = frozenset()
    for place in places:
        defaults = join_names(defaults, place.defaults)
    unread = not places or None in prefixes or defaults is None
    known = sorted(prefix for prefix in prefixes if prefix is not None) or [""]
    return RuleScope(world, known, defaults or frozenset(), takes, puts or unread)


def is_application(api: CheckerPluginInterface, call: CallExpr) -> bool:
    """Whether a rule is registered with an application, which has no prefix."""
    if not isinstance(call.callee, MemberExpr):
        return False
    typ: Type = get_proper_type(api.get_expression_type(call.callee.expr))
    return isinstance(typ, Instance) and typ.type.has_base("typedflask.app.Flask")


def defaults_of(call: CallExpr) -> Names:
    """The names that a rule gives defaults for, or None where they are not written out."""
    if spreads(call):
        return None
    given = argument(call, "defaults")
    if given is None or is_none(given):
        return frozenset()
    if isinstance(given, DictExpr):
        keys = [text_of(key) for key, _ in given.items]
        return None if None in keys else frozenset(key for key in keys if key is not None)
    return None


def name_of(expression: Expression | Context) -> str:
    """What to call a view that is given as an expression."""
    return expression.name if isinstance(expression, NameExpr | MemberExpr) else "<lambda>"
