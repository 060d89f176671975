"""What `route` returns: a decorator that registers a view and gives it back unchanged in type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, Never, Protocol, TypeAlias, cast, overload

from typing_extensions import ParamSpec, TypeVar, Unpack

from ..typing import HeadersValue, Methods, ResponseReturnValue, RouteCallable, StatusValue
from .options import AddUrlRuleOptions, RouteOptions

P = ParamSpec("P")
F = TypeVar("F", bound=RouteCallable)
Extra = TypeVar("Extra", default=Never)

ExtraReturnValue: TypeAlias = (
    Extra
    | tuple[Extra, HeadersValue]
    | tuple[Extra, StatusValue]
    | tuple[Extra, StatusValue, HeadersValue]
    | ResponseReturnValue
)
"""What a view may return in an application whose own rules accept `Extra`."""


ViewResult: TypeAlias = Extra | ResponseReturnValue | Awaitable[Extra | ResponseReturnValue]
"""What a view of an application whose rules accept `Extra` may return."""


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


class RouteDecorator(Generic[Extra]):
    """Registers the view below it (Flask's documentation, `Flask.route`).

    `Extra` is what the application's own response rules accept, besides what every application
    converts. The view keeps its own type.
    """

    __slots__ = ("_options", "_target", "rule")

    def __init__(self, target: TakesRules, rule: str, options: RouteOptions) -> None:
        self._target = target
        self.rule: str = rule
        self._options = options

    @overload
    def __call__(self, view: F, /) -> F: ...  # type: ignore[overload-overlap]  # a view without Extra keeps its exact type
    @overload
    def __call__(
        self, view: Callable[P, ExtraReturnValue[Extra]], /
    ) -> Callable[P, ExtraReturnValue[Extra]]: ...
    @overload
    def __call__(
        self, view: Callable[P, Awaitable[ExtraReturnValue[Extra]]], /
    ) -> Callable[P, Awaitable[ExtraReturnValue[Extra]]]: ...
    def __call__(self, view: Callable[..., object], /) -> Callable[..., object]:
        endpoint = self._options.get("endpoint")
        self._target.add_url_rule(self.rule, endpoint, view, **without_endpoint(self._options))
        return view

    def __repr__(self) -> str:
        return f"<the decorator of route {self.rule!r}>"


def without_endpoint(options: RouteOptions) -> AddUrlRuleOptions:
    """The options of `add_url_rule`, which takes the endpoint as a parameter of its own."""
    rest = {name: value for name, value in options.items() if name != "endpoint"}
    return cast("AddUrlRuleOptions", rest)  # the two differ in that one key


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
