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

from werkzeug.routing import BaseConverter, IntegerConverter
from werkzeug.routing import Rule as BaseRule

from .rule import OPTIONS, Rule

# Any: what a converter takes is the converter's affair.
Values: TypeAlias = Mapping[str, Any]

# Any: it is asked about texts only, as the checkers cannot see.
NEEDS_NO_QUOTING: Final[Callable[[Any], object]] = re.compile(
    r"[A-Za-z0-9_.~!$&'()*+,/:;=@-]*"
).fullmatch
"""Whether a text stays as it is in a path: the characters a segment may hold, and slashes."""


# Any: as above.
NEEDS_NO_ESCAPE: Final[Callable[[Any], object]] = re.compile(
    r"[A-Za-z0-9_.~!$'()*,/:;?@-]*"
).fullmatch
"""Whether a text stays as it is in a query string, as Werkzeug writes these."""


class Plan:
    """How URLs of one endpoint are built when they need name no host."""

    __slots__ = ()

    def url(self, values: Values, root: str, domain: str | None, method: str) -> str | None:
        """The URL without scheme and host, or None where Werkzeug has to decide.

        :param values: those given, None among them. An option of `url_for` among them is nothing
            that a plan knows about.
        :param root: the path the application is found under, with one slash at its end.
        :param domain: the subdomain of the request; a rule of another needs a URL with a host.
        :param method: the request's; its rules come before others.
        """
        return None


class OneRule(Plan):
    """The endpoint has one rule, and the rule has no defaults."""

    __slots__ = ("_begins_with_value", "_domain", "_head", "_names", "_rule", "_short", "_steps")

    def __init__(self, rule: Rule, domain: str, head: str, steps: Sequence[Step]) -> None:
        self._rule = rule
        self._domain = domain
        self._head = head.lstrip("/")
        self._short = f"/{self._head}"
        self._begins_with_value = not self._head
        self._steps = steps
        self._names = frozenset(step[0] for step in steps)

    def url(self, values: Values, root: str, domain: str | None, method: str) -> str | None:
        """The URL of the one rule."""
        if domain != self._domain:
            return None
        steps = self._steps
        more = len(values) != len(steps)
        if more and not OPTIONS.isdisjoint(values):
            return None
        path = self._short if root == "/" else f"{root}{self._head}"
        for name, plain, following in steps:
            value = values.get(name)
            if value is None:
                return None
            if type(value) is plain and (plain is int or NEEDS_NO_QUOTING(value)):
                path = f"{path}{value}{following}"
            else:
                try:
                    path = f"{path}{self._rule.variables[name].to_url(value)}{following}"
                except Exception:  # whatever it is, Werkzeug's builder meets it in its own order
                    return None
        if self._begins_with_value:
            path = root + path[len(root) :].lstrip("/")
        return self._with_query(path, values) if more else path

    def _with_query(self, path: str, values: Values) -> str | None:
        names = self._names
        given = {
            name: value for name, value in values.items() if value is not None and name not in names
        }
        if not given:
            return path
        try:
            query = query_of(self._rule, given)
        except Exception:  # as above
            return None
        return f"{path}?{query}" if query else path


def query_of(rule: Rule, values: Values) -> str:
    """The query string of values that are no variables.

    A number, or a text without a sign that would be quoted, stands there as it is; whatever else
    there is, Werkzeug's encoder writes all.
    """
    if rule.encodes_plainly and not rule.map.sort_parameters:
        pairs: list[str] = []
        for name, value in values.items():
            if type(value) is not int and (type(value) is not str or not NEEDS_NO_ESCAPE(value)):
                break
            if not NEEDS_NO_ESCAPE(name):
                break
            pairs.append(f"{name}={value}")
        else:
            return "&".join(pairs)
    return rule.query_of(values)


class SeveralRules(Plan):
    """The endpoint has rules that are told apart by their variables, defaults or methods."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Sequence[BaseRule]) -> None:
        self._rules = rules

    def url(self, values: Values, root: str, domain: str | None, method: str) -> str | None:
        """The URL of the first rule that fits, those with the request's method before others."""
        if not OPTIONS.isdisjoint(values):
            return None
        given = {name: value for name, value in values.items() if value is not None}
        for wanted in (method, None):
            for rule in self._rules:
                if rule.suitable_for(given, wanted):
                    built = rule.build(given)
                    if built is None or built[0] != domain:
                        return None
                    return root + built[1].lstrip("/")
        return None


# A variable: its name; the type whose values need no converter; the text after it.
Step: TypeAlias = tuple[str, type | None, str]

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
    if any(name in OPTIONS for name, _ in variables):
        return NO_OPINION  # nobody can tell such a value from an option
    plain = plain_types(rule)
    return OneRule(
        rule, domain, head, [(name, plain[name], following) for name, following in variables]
    )


def is_ordinary(rule: BaseRule) -> bool:
    """Whether a rule builds like Werkzeug's own, to a URL that need not name a host."""
    kind = type(rule)
    return (
        not rule.websocket
        and kind.build is BaseRule.build
        and kind.suitable_for is BaseRule.suitable_for
    )


def plain_types(rule: Rule) -> dict[str, type | None]:
    """The types of values that need no converter, by the variables of a rule; see `plain_type`."""
    if rule.read is None or rule.is_compiled:
        return {name: plain_type(converter) for name, converter in rule.variables.items()}
    return {name: plain_type_of(kind) for name, kind in rule.read}


def plain_type(converter: BaseConverter) -> type | None:
    """The type of values whose text the converter leaves alone, for those known to do so.

    Of texts, those that need no quoting.
    """
    if "to_url" in vars(converter) or getattr(converter, "fixed_digits", None):
        return None  # one object of the class, mended; or one that adds zeros
    return plain_type_of(type(converter))


def plain_type_of(kind: type[BaseConverter]) -> type | None:
    """As `plain_type`, of the converters of a class that were made without arguments."""
    if kind is IntegerConverter:
        return int
    return str if kind.to_url is BaseConverter.to_url else None
