"""What is worked out from the table of views: the endpoints of a view, and its parameters."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Final, cast

from .view_table import AnyView, ViewTable


class ViewIndex:
    """The endpoints of each view, by the view itself and by what it stands for.

    A view that a decorator replaced is found too, if the decorator used `functools.wraps`; so is
    the class that `as_view` made a view of.
    """

    def __init__(self, views: Mapping[str, AnyView]) -> None:
        self._parameters: dict[str, Parameters] = {}
        self._exact: dict[int, list[str]] = {}
        self._equal: dict[object, list[str]] = {}
        self._within: dict[int, list[str]] = {}
        self._views = dict(views)  # holds them, so that none of these identities is reused
        for endpoint, view in self._views.items():
            self._exact.setdefault(id(view), []).append(endpoint)
            if type(view).__hash__ is not None:
                self._equal.setdefault(view, []).append(endpoint)
            inner = {id(each) for each in unwrapped(view)}
            view_class = getattr(view, "view_class", None)
            if view_class is not None:
                inner.add(id(view_class))
            for identity in inner:
                self._within.setdefault(identity, []).append(endpoint)

    def endpoints(self, view: object) -> list[str]:
        """The endpoints of a view, in the order of registration; none if it is unknown.

        :param view: the view; or what it wraps, or what wraps it; or the class of `as_view`.
        """
        found = self._exact.get(id(view))
        if found is None and type(view).__hash__ is not None:
            found = self._equal.get(view)  # a bound method is another object each time
        if found is None:
            found = self._within.get(id(view))
        for inner in () if found is not None else unwrapped(view):
            found = self._exact.get(id(inner)) or self._within.get(id(inner))
            if found is not None:
                break
        return found or []

    def parameters(self, endpoint: str) -> Parameters:
        """The parameters of the view of an endpoint."""
        found = self._parameters.get(endpoint)
        if found is None:
            found = self._parameters[endpoint] = parameters_of(self._views[endpoint])
        return found


def unwrapped(view: object) -> list[object]:
    """What a view wraps, by `functools.wraps`: the next first, the innermost last."""
    found: list[object] = []
    while True:
        view = getattr(view, "__wrapped__", None)
        if view is None or view in found:
            return found
        found.append(view)


def index_of(views: Mapping[str, AnyView]) -> ViewIndex:
    """The index of a table of views; kept in the table where it is this module's kind."""
    if not isinstance(views, ViewTable):
        return ViewIndex(views)  # put in place by the application, which may change it unnoticed
    index = views.worked_out
    if not isinstance(index, ViewIndex):
        index = views.worked_out = ViewIndex(views)
    return index


# --- parameters --------------------------------------------------------------------------


class Parameters:
    """What a view can be given.

    :param signatures: of the view; of a class-based one those of its methods.
    :param wrapped: whether they are of what a decorator wraps, which may fill some in itself.
    """

    __slots__ = ("names", "order", "required", "takes_any", "wrapped")

    def __init__(self, signatures: Sequence[inspect.Signature], wrapped: bool) -> None:
        kinds = inspect.Parameter
        named = [
            [each for each in signature.parameters.values() if each.kind in BY_NAME]
            for signature in signatures
        ]
        self.names: list[str] = list(dict.fromkeys(each.name for some in named for each in some))
        longest = max(named, key=len) if named else []
        ordered = [each for each in longest if each.kind is not kinds.KEYWORD_ONLY]
        self.order: list[str] = [each.name for each in ordered]
        self.required: set[str] = {each.name for each in ordered if each.default is kinds.empty}
        self.takes_any: bool = not signatures or any(
            each.kind is kinds.VAR_KEYWORD
            for signature in signatures
            for each in signature.parameters.values()
        )
        self.wrapped: bool = wrapped


BY_NAME: Final = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
METHODS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "trace")


def parameters_of(view: object) -> Parameters:
    """The parameters of a registered view."""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        signatures = method_signatures(view_class, ("dispatch_request",))
        return Parameters(signatures or method_signatures(view_class, METHODS), wrapped=False)
    try:
        own = Parameters([inspect.signature(as_view(view), follow_wrapped=False)], wrapped=False)
        if own.names or not hasattr(view, "__wrapped__"):
            return own
        return Parameters([inspect.signature(as_view(view))], wrapped=True)
    except ValueError:
        return Parameters([], wrapped=False)  # made in C, and silent about its parameters


def method_signatures(view_class: object, names: Sequence[str]) -> list[inspect.Signature]:
    """The signatures of methods that say more than that they take anything, without `self`."""
    found: list[inspect.Signature] = []
    for name in names:
        method = getattr(view_class, name, None)
        if method is None:
            continue
        _, *parameters = inspect.signature(method).parameters.values()
        if not any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters):
            found.append(inspect.Signature(parameters))
    return found


def as_view(view: object) -> AnyView:
    """What stands in the table of views can be called."""
    return cast("AnyView", view)
