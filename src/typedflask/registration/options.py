"""The options of a route, spelled out once for every decorator and method that takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from ..typing import Methods


class RuleOptions(TypedDict, total=False):
    """Options of the rule itself; each is described where Werkzeug documents `Rule`."""

    # Any: a default stands in for what a converter would have made.
    defaults: Mapping[str, Any] | None
    """Values for variables the rule does not have; also for building URLs."""
    subdomain: str | None
    """The subdomain the rule answers, with `subdomain_matching`."""
    build_only: bool
    """The rule builds URLs and never matches."""
    strict_slashes: bool | None
    """Whether a missing slash at the end is redirected rather than accepted."""
    merge_slashes: bool | None
    """Whether several slashes in a row count as one."""
    # ...: the function is called with the adapter and the rule's values.
    redirect_to: str | Callable[..., str] | None
    """Where to redirect requests that match."""
    alias: bool
    """Another rule of the same endpoint is the canonical one."""
    host: str | None
    """The host the rule answers, with `host_matching`."""
    websocket: bool
    """Whether the rule answers WebSocket requests only."""


class ViewOptions(RuleOptions, total=False):
    """Options of the rule, and of how the framework treats its view."""

    provide_automatic_options: bool | None
    """Whether `OPTIONS` is answered by the framework; by default where the view does not."""


class ShortcutOptions(ViewOptions, total=False):
    """Options of `get`, `post`, `put`, `patch` and `delete`, which fix the method."""

    endpoint: str | None
    """The name for building URLs; by default the function's."""


class RouteOptions(ShortcutOptions, total=False):
    """Options of `route`."""

    methods: Methods | None
    """The methods the view answers; by default `GET`. `HEAD` comes with `GET`."""


class AddUrlRuleOptions(ViewOptions, total=False):
    """Options of `add_url_rule`, which takes endpoint and view as parameters."""

    methods: Methods | None
    """The methods the view answers; by default `GET`. `HEAD` comes with `GET`."""
