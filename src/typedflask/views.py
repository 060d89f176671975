"""Class-based views: a class whose instances answer requests (Flask's documentation)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Never, ParamSpec, Protocol, cast

from .ctx import app_context, request_context
from .newer_typing import TypeVar
from .registration.results import ViewResult
from .typing import Methods, RouteCallable

P = ParamSpec("P")
Extra_co = TypeVar("Extra_co", default=Never, covariant=True)

http_method_funcs: Final = frozenset(
    {"get", "post", "head", "options", "delete", "put", "trace", "patch"}
)
"""The names of methods of a `MethodView` that answer requests."""


class ViewFunction(Protocol):
    """What `as_view` returns: a view that remembers the class it was made of."""

    view_class: type[View[Any]]
    methods: Collection[str] | None
    provide_automatic_options: bool | None
    __name__: str

    # Any: the values of the rule's variables.
    def __call__(self, **kwargs: Any) -> ViewResult[Never]: ...


class View(Generic[Extra_co]):
    """A view as a class: `as_view` makes the function that `add_url_rule` takes.

    Subclasses override `dispatch_request` with the parameters of their rule. `View[Money]` is for
    applications whose rules accept `Money`: it may answer with that too.
    """

    methods: ClassVar[Methods | None] = None
    """The methods the view answers; by default those of the rule.

    As for `route`, a single `str` and a name that is no method's are refused; a subclass that
    declares the attribute, and not only sets it, declares this type (decision 083).
    """

    provide_automatic_options: ClassVar[bool | None] = None
    """Whether the framework answers `OPTIONS`; by default where the view does not."""

    # Any: a decorator takes and gives a view of whatever parameters.
    decorators: ClassVar[Sequence[Callable[..., Any]]] = ()
    """Put around the view function, the first one innermost."""

    init_every_request: ClassVar[bool] = True
    """Whether each request gets an instance of its own; False shares one between all."""

    # Any, here and below: a subclass declares the parameters of its own rule.
    def dispatch_request(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]:
        """Answer the request; the values of the rule's variables come as keywords."""
        raise NotImplementedError(f"{type(self).__name__} does not define dispatch_request().")

    # `cls` as a callable lets a checker see the parameters of the subclass's own `__init__`.
    @classmethod  # pyright: ignore[reportArgumentType]  # see above
    def as_view(
        cls: Callable[P, View[Extra_co]], name: str, *class_args: P.args, **class_kwargs: P.kwargs
    ) -> Callable[..., ViewResult[Extra_co]]:
        """The view function of this class.

        :param name: the function's name, from which the endpoint is made.
        :param class_args: for `__init__`, at every request unless `init_every_request` is off.
        :param class_kwargs: as `class_args`.
        """
        return make_view(as_class(cls), name, class_args, class_kwargs)


def as_class(cls: object) -> type[View[Any]]:
    """`as_view` is a class method; its first argument is the class, however it is typed."""
    return cast("type[View[Any]]", cls)


def make_view(
    view_class: type[View[Any]], name: str, args: tuple[object, ...], kwargs: dict[str, object]
) -> RouteCallable:
    """The function that makes an instance and lets it answer."""
    # Any, here and below: the parameters were checked where `as_view` was called.
    create = cast("Callable[..., View[Any]]", view_class)
    shared = None if view_class.init_every_request else create(*args, **kwargs)

    def view(**values: Any) -> ViewResult[Any]:
        # The class is read from the function, where a test or an extension may have replaced it.
        instance = made.view_class(*args, **kwargs) if shared is None else shared
        answer = app_context().app.ensure_sync(instance.dispatch_request)
        return as_view_result(answer(**values))

    made: Any = view
    if view_class.decorators:
        made.__name__ = name
        made.__module__ = view_class.__module__
        for decorator in view_class.decorators:
            made = decorator(made)
    made.__name__ = name
    made.__doc__ = view_class.__doc__
    made.__module__ = view_class.__module__
    made.view_class = view_class
    made.methods = view_class.methods
    made.provide_automatic_options = view_class.provide_automatic_options
    return as_function(made)


def as_function(view: object) -> RouteCallable:
    """A decorated view is a view; decorators are not typed."""
    return cast("RouteCallable", view)


def as_view_result(value: object) -> ViewResult[Any]:
    """What the instance answered; the table of rules is what really looks at it."""
    return cast("ViewResult[Any]", value)


class MethodView(View[Extra_co], Generic[Extra_co]):
    """A view with a method for each HTTP method: `get`, `post`, ..."""

    methods: ClassVar[Methods | None]

    if TYPE_CHECKING:
        # Declared for checkers only, so that what a subclass's methods return is checked; which
        # methods the view answers is found out from those the subclass really has.
        def get(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]: ...
        def head(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]: ...
        def post(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]: ...
        def put(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]: ...
        def patch(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]: ...
        def delete(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]: ...
        def options(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]: ...
        def trace(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]: ...

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "methods" not in cls.__dict__:
            own = {name.upper() for name in http_method_funcs if hasattr(cls, name)}
            inherited = {
                method for base in cls.__bases__ for method in getattr(base, "methods", None) or ()
            }
            if own or inherited:
                cls.methods = frozenset(own | inherited)

    def dispatch_request(self, *args: Any, **kwargs: Any) -> ViewResult[Extra_co]:
        """Call the method that is named like the request's; `HEAD` falls back to `get`."""
        method = request_context().request.method
        answer = getattr(self, method.lower(), None)
        if answer is None and method == "HEAD":
            answer = getattr(self, "get", None)
        if answer is None:
            raise RuntimeError(
                f"{type(self).__name__} was asked to answer {method}, for which it has no method."
                " Do not list in `methods` what the class does not define."
            )
        return as_view_result(app_context().app.ensure_sync(answer)(*args, **kwargs))
