"""The URL of a view: `url_for(view, ...)`, and the `URL` it gives (decision 075).

The view is looked up among those of the application, its positional arguments get the names of its
parameters, and the URL is built by the endpoint's name, like any other. Loaded when first used.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Never, NoReturn, ParamSpec, Protocol, Self, TypeAlias
from uuid import UUID

from werkzeug.routing import Map

from .rule import OPTIONS
from .view_index import Parameters, index_of
from .view_table import AnyView

P = ParamSpec("P")

Scalar: TypeAlias = str | int | float | UUID | date
"""One value in a query string; its text is that of `str`."""

QueryValue: TypeAlias = Scalar | list[str] | list[int] | tuple[Scalar, ...] | None
"""The value of a name in a query string; several values repeat the name, None leaves it out."""


class Linking(Protocol):
    """What is asked of the application."""

    @property
    def name(self) -> str: ...
    @property
    def url_map(self) -> Map: ...
    @property
    def view_functions(self) -> Mapping[str, AnyView]: ...

    # Any: what a converter takes is the converter's affair.
    def url_for(
        self,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str: ...


class Answering(Protocol[P]):
    """A class-based view: what its instances answer requests with has the view's parameters."""

    def dispatch_request(self, *args: P.args, **kwargs: P.kwargs) -> object: ...


class ViewClass(Protocol):
    """Any class-based view, whatever its parameters are."""

    init_every_request: ClassVar[bool]


class ValuesMissing:
    """Stands where a checker was told of a class-based view without the values it needs."""


# A class is a function of what its `__init__` takes, too. So that a class without an `__init__` is
# not taken for a view without parameters, an overload in front gives this (decision 084).
NoUrl: TypeAlias = Coroutine[ValuesMissing, Never, Never]
"""What is no text, and what checkers report where it is not even used."""


# Any, in both: values are the converter's affair, options those of `Flask.url_for`.
Recipe: TypeAlias = tuple[Linking, str, dict[str, Any], dict[str, Any]]
"""What a URL is made of: the application, the endpoint, the values and the options."""


class URL(str):
    """A URL built for a view; a `str` that can be refined.

    Each refinement builds the URL anew with what was said so far, for the request that is active
    then. Copied, pickled or stored it is a plain `str`.
    """

    __slots__ = ("_recipe",)

    _recipe: Recipe

    @classmethod
    def build(cls, recipe: Recipe) -> Self:
        """The URL of an endpoint; views use `url_for`.

        :raises BuildError: as `Flask.url_for`.
        """
        app, endpoint, values, options = recipe
        url = cls(app.url_for(endpoint, **values, **options))
        url._recipe = recipe
        return url

    def _refined(self, values: dict[str, Any], options: dict[str, Any]) -> Self:
        app, endpoint, known, chosen = self._made_of()
        return self.build((app, endpoint, {**known, **values}, {**chosen, **options}))

    def _made_of(self) -> Recipe:
        recipe: Recipe | None = getattr(self, "_recipe", None)
        if recipe is None:
            raise TypeError(
                f"The URL {str(self)!r} was not made by url_for, so nothing says how to build it"
                " anew. Refine what url_for gave, or make a new text."
            )
        return recipe

    def query(self, /, **values: QueryValue) -> Self:
        """The URL with values in its query string, which replace those of the same names.

        :param values: by name; several values repeat the name, None leaves it out.
        :raises TypeError: a name is that of a variable of the rule, whose values `url_for` takes,
            or of an option of `url_for`.
        """
        app, endpoint, *_ = self._made_of()
        for name in values:
            if name in OPTIONS or expects(app, endpoint, name):
                what = "an option of url_for" if name in OPTIONS else "a variable of the rule"
                raise TypeError(
                    f"{name!r} is {what} ({endpoint!r}), and no name of the query string."
                )
        return self._refined(values, {})

    def anchor(self, name: str) -> Self:
        """The URL with a part after `#`.

        :param name: the part, quoted where it has to be.
        """
        return self._refined({}, {"_anchor": name})

    def external(self, scheme: str | None = None) -> Self:
        """The URL with scheme and host, for use outside of this site.

        :param scheme: by default the request's, or `PREFERRED_URL_SCHEME` outside of one.
        :raises RuntimeError: nothing says what the host is, as `Flask.url_for`.
        """
        return self._refined({}, {"_external": True, "_scheme": scheme})

    def method(self, name: str) -> Self:
        """The URL of the rule that answers a method, where the view has several rules.

        :param name: the method, as `"POST"`.
        :raises BuildError: no rule of the view answers it.
        """
        return self._refined({}, {"_method": name})

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def url_of_view(
    app: Linking,
    view: object,
    args: Sequence[object],
    values: Mapping[str, Any],
    options: dict[str, Any],
    scopes: Sequence[str],
) -> URL:
    """The URL of a view.

    :param app: the application.
    :param view: the view, as it was registered or decorated; or the class of a class-based view.
    :param args: its positional arguments.
    :param values: its keyword arguments.
    :param options: those of `Flask.url_for`, as `_external`.
    :param scopes: the blueprints of the active request, innermost first.
    :raises TypeError: it is no view, or does not take the arguments.
    :raises LookupError: the application does not have it, or several times with none to prefer.
    """
    if isinstance(view, str) or not callable(view):
        refuse(view, args)
    endpoint = endpoint_of(app, view, scopes)
    return URL.build((app, endpoint, named(app, endpoint, args, values), options))


def refuse(view: object, args: Sequence[object]) -> NoReturn:
    """Say what `url_for` takes."""
    if isinstance(view, str):
        raise TypeError(
            f"url_for({view!r}, ...) was given {len(args)} positional values. The values of an"
            " endpoint are given by name; only those of a view have an order."
        )
    raise TypeError(f"url_for takes the name of an endpoint, or a view; got {view!r}.")


# --- which endpoint ----------------------------------------------------------------------


def endpoint_of(app: Linking, view: object, scopes: Sequence[str]) -> str:
    """The endpoint of a view; of several the one nearest to the active request.

    :raises LookupError: as `url_of_view`.
    """
    endpoints = index_of(app.view_functions).endpoints(view)
    if len(endpoints) == 1:
        return endpoints[0]
    known = {rule.endpoint for rule in app.url_map.iter_rules()} if endpoints else set[str]()
    endpoints = [endpoint for endpoint in endpoints if endpoint in known]
    if not endpoints:
        raise LookupError(
            f"{view!r} is no view of the application {app.name!r}, so it has no URL. If a"
            " decorator took its place when it was registered, use functools.wraps in it; else"
            " build the URL by the endpoint's name."
        )
    chosen = nearest(endpoints, scopes, getattr(view, "__name__", ""))
    if chosen is None:
        raise LookupError(
            f"{view!r} has several endpoints in the application {app.name!r}, and the active"
            f" request prefers none of them: {', '.join(map(repr, endpoints))}. Build the URL by"
            " the name of the one that is meant."
        )
    return chosen


def nearest(endpoints: Sequence[str], scopes: Sequence[str], name: str) -> str | None:
    """The endpoint of the innermost blueprint that has just one, or one of the view's own name.

    :param endpoints: the endpoints of the view.
    :param scopes: the blueprints of the active request, innermost first.
    :param name: the view's.
    """
    inside = [scope for scope in scopes if any(is_below(scope, each) for each in endpoints)]
    scope = inside[0] if inside else ""
    here = [endpoint for endpoint in endpoints if endpoint.rpartition(".")[0] == scope]
    below = [endpoint for endpoint in endpoints if not scope or is_below(scope, endpoint)]
    for some in (here, below):
        named_so = [endpoint for endpoint in some if endpoint.rpartition(".")[2] == name]
        for few in (some, named_so):
            if len(few) == 1:
                return few[0]
    return None


def is_below(scope: str, endpoint: str) -> bool:
    """Whether an endpoint belongs to a blueprint, or to one nested in it."""
    return endpoint.startswith(f"{scope}.")


# --- which values ------------------------------------------------------------------------


def named(
    app: Linking, endpoint: str, args: Sequence[object], values: Mapping[str, Any]
) -> dict[str, Any]:
    """All arguments by name.

    A name is one of the view's parameters, or a variable of the rule that the view never sees,
    because a `url_value_preprocessor` takes it out.

    :raises TypeError: the view does not take the arguments.
    """
    index = index_of(app.view_functions)
    parameters = index.parameters(endpoint)
    given = dict(values)
    if args:
        given.update(in_order(app, endpoint, parameters, args, values))
    if parameters.takes_any:
        return given
    for name in values:
        if name not in parameters.names and not expects(app, endpoint, name):
            raise TypeError(
                f"The view of {endpoint!r} has no parameter {name!r}, and its rule no variable of"
                f" that name; the view has {', '.join(parameters.names) or 'none'}. For the query"
                f" string: url_for(...).query({name}=...)."
            )
    return given


def in_order(
    app: Linking,
    endpoint: str,
    parameters: Parameters,
    args: Sequence[object],
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """The names of the positional arguments.

    :raises TypeError: there are more of them than parameters, or one has its value already.
    """
    names = [
        name
        for name in parameters.order
        # What neither has a default nor comes from the URL is filled in by a decorator.
        if not parameters.wrapped or name not in parameters.required or expects(app, endpoint, name)
    ]
    if len(args) > len(names):
        raise TypeError(
            f"The view of {endpoint!r} takes {len(names)} positional arguments"
            f" ({', '.join(names) or 'none'}), and was given {len(args)}."
        )
    twice = [name for name in names[: len(args)] if name in values]
    if twice:
        raise TypeError(f"The view of {endpoint!r} was given {twice[0]!r} twice.")
    return dict(zip(names, args, strict=False))


def expects(app: Linking, endpoint: str, name: str) -> bool:
    """Whether a rule of an endpoint has a variable, or a default, of a name."""
    return app.url_map.is_endpoint_expecting(endpoint, name)
