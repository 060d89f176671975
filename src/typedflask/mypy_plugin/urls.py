"""The checks of `url_for("endpoint", ...)` and `render_template("name.html")`."""

from __future__ import annotations

from collections.abc import Iterator

from mypy.nodes import CallExpr, ListExpr, TupleExpr
from mypy.plugin import CheckerPluginInterface, FunctionSigContext, MethodSigContext
from mypy.types import FunctionLike

from .project import Projects
from .reporting import (
    ENDPOINT,
    TEMPLATE,
    argument,
    named_arguments,
    path_of,
    report,
    spreads,
    text_of,
)
from .world import World


class Lookups:
    """The hooks for everything that is found by name while a request is handled.

    :param projects: the projects that are being checked.
    """

    def __init__(self, projects: Projects) -> None:
        self.projects = projects

    def _world(self, api: CheckerPluginInterface) -> World | None:
        found = self.projects.at(path_of(api))
        return None if found is None else found[0].world(found[1])

    def url(self, context: FunctionSigContext | MethodSigContext) -> FunctionLike:
        """`url_for` with a literal."""
        call, world = context.context, self._world(context.api)
        if isinstance(call, CallExpr) and world is not None and not world.open_endpoints:
            endpoint = text_of(argument(call, "endpoint", 0))
            if endpoint is not None:
                given = {name for name, _ in named_arguments(call)}
                known = None if spreads(call) or world.adds_values else given
                for message in url_problems(world, endpoint, known):
                    report(context.api, message, call, ENDPOINT)
        return context.default_signature

    def template(self, context: FunctionSigContext | MethodSigContext) -> FunctionLike:
        """`render_template` with a literal, or with several to choose from."""
        call, world = context.context, self._world(context.api)
        if not isinstance(call, CallExpr) or world is None or world.templates is None:
            return context.default_signature
        given = argument(call, "template_name_or_list", 0)
        choices = given.items if isinstance(given, ListExpr | TupleExpr) else [given]
        names = [text_of(choice) for choice in choices]
        texts = [name for name in names if name is not None]
        if texts and len(texts) == len(names) and set(world.templates).isdisjoint(texts):
            wanted = " or ".join(map(repr, texts))
            message = f"There is no template {wanted}.{hint(texts[0], world.templates)}"
            report(context.api, message, call, TEMPLATE)
        return context.default_signature


def url_problems(world: World, endpoint: str, given: set[str] | None) -> Iterator[str]:
    """What is wrong with building the URL of an endpoint.

    :param world: what the application registers.
    :param endpoint: the endpoint; with a dot at its start it is one of the active blueprint's.
    :param given: the names of the values, or None where functions or `**` may add more.
    """
    ends = [
        name for name in world.endpoints if name == endpoint.lstrip(".") or name.endswith(endpoint)
    ]
    names = ends if endpoint.startswith(".") else [endpoint]
    needs = [need for name in names for need in world.endpoints.get(name, ())]
    if not needs:
        yield f"No view has the endpoint {endpoint!r}.{hint(endpoint, list(world.endpoints))}"
        return
    if given is None or endpoint.startswith("."):  # the active request may have the values
        return
    sure = [need for need in needs if need is not None]
    if len(sure) == len(needs) and not any(need <= given for need in sure):
        missing = min(
            (need - given for need in sure), key=lambda names: (len(names), sorted(names))
        )
        values = " and ".join(map(repr, sorted(missing)))
        yield f"The URL of the endpoint {endpoint!r} needs a value for {values}."


def hint(name: str, known: list[str]) -> str:
    """The name that was probably meant."""
    from difflib import get_close_matches  # seldom needed, and slow to import

    close = get_close_matches(name, sorted(known), 1, 0.7)
    return f" Did you mean {close[0]!r}?" if close else ""
