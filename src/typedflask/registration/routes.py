"""What `route` returns: a decorator that registers a view and gives it back unchanged in type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Generic, Never, ParamSpec, Protocol, Unpack, cast

from ..newer_typing import TypeVar, overload

if TYPE_CHECKING:
    from ..typing import Methods, RouteCallable
    from .options import AddUrlRuleOptions, RouteOptions, RuleOptions
    from .results import ExtraReturnValue

    P = ParamSpec("P")
    F = TypeVar("F", bound=RouteCallable)

    class TakesRules(Protocol):
        """An application or a blueprint, as far as the decorator needs one."""

        # ...: the registered function may take any parameters; Any: what it returns was checked when
        # it was decorated.
        def add_url_rule(
            self,
            rule: str,
            endpoint: str | None = None,
            view_func: Callable[..., Any] | None = None,
            **options: Unpack[AddUrlRuleOptions],
        ) -> None: ...


Extra = TypeVar("Extra", default=Never, contravariant=True)
"""What an application's own rules accept; contravariant, because views of it may return that.

So an application whose rules accept more is one where only a `Flask` is asked for (decision 063).
"""


class ViewDecorator(Generic[Extra]):
    """Registers the view below it, which keeps its own type.

    `Extra` is what the application's own response rules accept, besides what every application
    converts.
    """

    __slots__ = ()

    @overload
    def __call__(self, view: F, /) -> F: ...  # type: ignore[overload-overlap]  # a view without Extra keeps its exact type
    @overload
    def __call__(self, view: Callable[P, Extra], /) -> Callable[P, Extra]: ...
    @overload
    def __call__(
        self, view: Callable[P, Coroutine[Any, Any, Extra]], /
    ) -> Callable[P, Coroutine[Any, Any, Extra]]: ...
    @overload
    def __call__(
        self, view: Callable[P, ExtraReturnValue[Extra]], /
    ) -> Callable[P, ExtraReturnValue[Extra]]: ...
    @overload
    def __call__(
        self, view: Callable[P, Awaitable[ExtraReturnValue[Extra]]], /
    ) -> Callable[P, Awaitable[ExtraReturnValue[Extra]]]: ...
    def __call__(self, view: Callable[..., object], /) -> Callable[..., object]:
        self._register(view)
        return view

    # ...: the view may take any parameters; Any: what it returns was checked above.
    def _register(self, view: Callable[..., Any]) -> None:
        raise NotImplementedError


class RouteDecorator(ViewDecorator[Extra], Generic[Extra]):
    """Registers the view below it for a rule (Flask's documentation, `Flask.route`)."""

    __slots__ = ("_options", "_target", "rule")

    def __init__(self, target: TakesRules, rule: str, options: RouteOptions) -> None:
        self._target = target
        self.rule: str = rule
        self._options = options

    def _register(self, view: Callable[..., Any]) -> None:
        endpoint = self._options.get("endpoint")
        self._target.add_url_rule(self.rule, endpoint, view, **without_endpoint(self._options))

    def __repr__(self) -> str:
        return f"<the decorator of route {self.rule!r}>"


class EndpointDecorator(ViewDecorator[Extra], Generic[Extra]):
    """Registers the view below it for an endpoint (Flask's documentation, `Flask.endpoint`)."""

    __slots__ = ("_endpoint", "_views")

    # Any: as the parameter of `_register`.
    def __init__(self, views: dict[str, Callable[..., Any]], endpoint: str) -> None:
        self._views = views
        self._endpoint = endpoint

    def _register(self, view: Callable[..., Any]) -> None:
        self._views[self._endpoint] = view


def without_endpoint(options: RouteOptions) -> AddUrlRuleOptions:
    """The options of `add_url_rule`, which takes the endpoint as a parameter of its own."""
    rest = {name: value for name, value in options.items() if name != "endpoint"}
    return cast("AddUrlRuleOptions", rest)  # the two differ in that one key


def rule_options(options: AddUrlRuleOptions) -> RuleOptions:
    """The options that the rule itself takes."""
    other = {"methods", "provide_automatic_options"}
    # What is left has the keys of `RuleOptions`, and their types.
    return cast(
        "RuleOptions", {name: value for name, value in options.items() if name not in other}
    )


# Any: as `view_functions`, where the views are kept.
def refuse_other_view(
    known: Callable[..., Any] | None, endpoint: str, view: Callable[..., Any] | None
) -> None:
    """Refuse a second view for an endpoint.

    :raises AssertionError: the endpoint has another view.
    """
    if view is not None and known is not None and known != view:
        raise AssertionError(
            f"The endpoint {endpoint!r} has the view {known!r} already and cannot have"
            f" {view!r} too. Give one of the two another endpoint=..., or, if a decorator"
            " hides that they differ, use functools.wraps in it."
        )


def upper_methods(methods: Methods) -> set[str]:
    """Methods as a request spells them.

    :raises TypeError: a single string was given, whose letters would be taken for methods, or a
        method is not a string.
    """
    if isinstance(methods, str):
        raise TypeError(
            f"methods is {methods!r}, a single str. Give a list of methods, such as [{methods!r}]."
        )
    return {_upper(method) for method in methods}


def _upper(method: object) -> str:
    if isinstance(method, str):
        return method.upper()
    raise TypeError(
        f"methods contains {method!r}. A method is a str such as 'GET', or a member of"
        " http.HTTPMethod."
    )


def endpoint_of(view: Callable[..., Any] | None) -> str:
    """The endpoint of a view that was given none: its name.

    :raises ValueError: there is no view to take the name of, or it has none.
    """
    if view is None:
        raise ValueError("A rule without an endpoint takes the name of its view; give one of both.")
    name: str | None = getattr(view, "__name__", None)
    if name is None:
        raise ValueError(
            f"The view {view!r} has no name to call its endpoint by: give endpoint=..."
        )
    return name
