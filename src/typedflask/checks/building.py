"""Whether a URL can be built: what `url_for` with a literal endpoint is given, and what it needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from werkzeug.routing import Rule as BaseRule

from .contract import CheckedApp
from .preprocessors import effects_of, functions_for
from .rule_reading import names_in, rules_of

OPTIONS: Final = frozenset({"_anchor", "_method", "_scheme", "_external"})
"""Parameters of `url_for` that are no values of the rule."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not written in the call."""


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class UrlCall:
    """A call of `url_for` as it is written.

    :param endpoint: the literal endpoint.
    :param values: the values given by name; those that are no literals are `UNKNOWN`.
    :param open_ended: whether there may be other values: `url_for(..., **values)`.
    """

    endpoint: str
    values: Mapping[str, object]
    open_ended: bool = False


def trouble_with(app: CheckedApp, call: UrlCall) -> str | None:
    """A sentence about why a URL cannot be built, or None where it can, or may."""
    if app.url_build_error_handlers:
        return None  # they may answer anything
    by_endpoint: dict[str, list[BaseRule]] = {}
    for rule in rules_of(app.url_map):
        by_endpoint.setdefault(str(rule.endpoint), []).append(rule)
    names = list(_meant(app, call.endpoint, by_endpoint))
    if not names:
        return _unknown(call.endpoint, by_endpoint)
    if call.open_ended or len(names) > 1:
        return None
    (endpoint,) = names
    effects = effects_of(functions_for(app.url_default_functions, endpoint))
    if effects is None:
        return None
    method = call.values.get("_method")
    if method is UNKNOWN:
        return None
    given = {n for n, value in call.values.items() if n not in OPTIONS and value is not None}
    rules = [r for r in by_endpoint[endpoint] if method is None or method in (r.methods or ())]
    if not rules:
        return f"The endpoint {endpoint!r} has no rule that answers {method}."
    lacking = [_lacking(rule, given | effects.put_in) for rule in rules]
    if all(lacking):
        return _missing(endpoint, rules, lacking)
    return None


def _meant(app: CheckedApp, endpoint: str, known: Collection[str]) -> set[str]:
    """The endpoints a call may mean; one that begins with a dot is relative to a blueprint."""
    if not endpoint.startswith("."):
        return {endpoint} & set(known)
    candidates = {endpoint[1:], *(f"{name}{endpoint}" for name in app.blueprints)}
    return candidates & set(known)


def _unknown(endpoint: str, known: Collection[str]) -> str:
    close = get_close_matches(endpoint.lstrip("."), sorted(known), 1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"There is no endpoint {endpoint!r}.{hint}"


def _lacking(rule: BaseRule, given: Collection[str]) -> set[str]:
    """The variables of a rule that are not given and have no default."""
    return names_in(rule) - set(rule.defaults or ()) - set(given)


def _missing(endpoint: str, rules: list[BaseRule], lacking: list[set[str]]) -> str:
    missing, rule = min(
        ((sorted(names), rule) for names, rule in zip(lacking, rules, strict=True)),
        key=lambda pair: len(pair[0]),
    )
    values = " and ".join(map(repr, missing))
    others = ", and other rules of the endpoint need more" if len(rules) > 1 else ""
    return f"The endpoint {endpoint!r} needs {values} for its rule {rule.rule!r}{others}."
