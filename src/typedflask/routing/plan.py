"""How the URL of an endpoint is put together, worked out once for all that are built.

Werkzeug's adapter decides for every URL anew which rule of the endpoint fits, converts the values
and weighs whether the URL must name a host. Most endpoints have one rule, and most URLs name no
host: for these a plan says which texts to join. What a plan has no opinion on is left to Werkzeug
(decision 076). A seeded comparison with Werkzeug's builder guards the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from werkzeug.routing import BaseConverter, IntegerConverter, MapAdapter, ValidationError
from werkzeug.routing import Rule as BaseRule

from .rule import Rule

# Any: what a converter takes is the converter's affair.
Values: TypeAlias = Mapping[str, Any]

# Any: it is asked about texts only, as the checkers cannot see.
NEEDS_NO_QUOTING: Final[Callable[[Any], object]] = re.compile(
    r"[A-Za-z0-9_.~!$&'()*+,/:;=@-]*"
).fullmatch
"""Whether a text stays as it is in a path: the characters a segment may hold, and slashes."""


class Plan:
    """How URLs of one endpoint are built when they need name no host."""

    __slots__ = ()

    def url(self, values: Values, adapter: MapAdapter) -> str | None:
        """The URL without scheme and host, or None where Werkzeug has to decide.

        :param values: those given, None among them.
        :param adapter: says where the application is and which method's rules come first; a rule
            of another subdomain than its own needs a URL with a host.
        """
        return None


def root_of(adapter: MapAdapter) -> str:
    """The path the application is found under, with one slash at its end."""
    return f"{adapter.script_name.rstrip('/')}/"


class OneRule(Plan):
    """The endpoint has one rule, and the rule has no defaults."""

    __slots__ = ("_begins_with_value", "_build", "_domain", "_head", "_steps")

    def __init__(self, rule: Rule, domain: str, head: str, steps: Sequence[Step]) -> None:
        self._domain = domain
        self._head = head.lstrip("/")
        self._begins_with_value = not self._head
        self._steps = steps
        self._build = rule.builder()

    def url(self, values: Values, adapter: MapAdapter) -> str | None:
        """The URL of the one rule."""
        if adapter.subdomain != self._domain:
            return None
        steps = self._steps
        if len(values) != len(steps):
            return self._with_query(values, adapter)
        if not steps:
            root = adapter.script_name
            return f"/{self._head}" if root == "/" else f"{root_of(adapter)}{self._head}"
        path = self._head
        for name, plain, to_url, following in steps:
            value = values.get(name)
            if value is None:
                return None
            if type(value) is plain and (plain is int or NEEDS_NO_QUOTING(value)):
                path = f"{path}{value}{following}"
            else:
                try:
                    path = f"{path}{to_url(value)}{following}"
                except Exception:  # whatever it is, Werkzeug's builder meets it in its own order
                    return None
        if self._begins_with_value:
            path = path.lstrip("/")
        root = adapter.script_name
        return f"/{path}" if root == "/" else f"{root_of(adapter)}{path}"

    def _with_query(self, values: Values, adapter: MapAdapter) -> str | None:
        given = {name: value for name, value in values.items() if value is not None}
        for step in self._steps:
            if step[0] not in given:
                return None
        try:
            return root_of(adapter) + self._build(**given)[1].lstrip("/")
        except ValidationError:
            return None


class SeveralRules(Plan):
    """The endpoint has rules that are told apart by their variables, defaults or methods."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Sequence[BaseRule]) -> None:
        self._rules = rules

    def url(self, values: Values, adapter: MapAdapter) -> str | None:
        """The URL of the first rule that fits, those with the request's method before others."""
        given = {name: value for name, value in values.items() if value is not None}
        for wanted in (adapter.default_method, None):
            for rule in self._rules:
                if rule.suitable_for(given, wanted):
                    built = rule.build(given)
                    if built is None or built[0] != adapter.subdomain:
                        return None
                    return root_of(adapter) + built[1].lstrip("/")
        return None


# A variable: its name; the type whose values need no converter; the converter; the text after it.
Step: TypeAlias = tuple[str, type | None, Callable[[Any], str], str]

NO_OPINION: Final = Plan()
"""The plan of an endpoint that Werkzeug builds."""


def plan_for(rules: Sequence[BaseRule]) -> Plan:
    """The plan of an endpoint with these rules, in the order in which they are tried."""
    if not rules or not all(is_ordinary(rule) for rule in rules):
        return NO_OPINION
    rule = rules[0]
    if len(rules) > 1 or rule.defaults or not isinstance(rule, Rule):
        return SeveralRules(rules)
    domain, head, variables = rule.texts()
    if domain is None:
        return SeveralRules(rules)
    steps: list[Step] = []
    for name, following in variables:
        converter = rule.variables[name]
        steps.append((name, plain_type(converter), converter.to_url, following))
    return OneRule(rule, domain, head, steps)


def is_ordinary(rule: BaseRule) -> bool:
    """Whether a rule builds like Werkzeug's own, to a URL that need not name a host."""
    kind = type(rule)
    return (
        not rule.websocket
        and kind.build is BaseRule.build
        and kind.suitable_for is BaseRule.suitable_for
    )


def plain_type(converter: BaseConverter) -> type | None:
    """The type of values whose text the converter leaves alone, for those known to do so.

    Of texts, those that need no quoting.
    """
    if "to_url" in vars(converter):
        return None  # one object of the class, mended
    if type(converter) is IntegerConverter and not converter.fixed_digits:
        return int
    return str if type(converter).to_url is BaseConverter.to_url else None
