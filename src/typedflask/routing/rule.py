"""The rule of a route: Werkzeug's, made quicker to register and told about its methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MethodType
from typing import Final, TypeAlias, cast
from urllib.parse import quote

from werkzeug.routing import BaseConverter
from werkzeug.routing import Rule as BaseRule
from werkzeug.routing.rules import RulePart

# ...: the parameters are the rule's own variables.
BuildUrl: TypeAlias = Callable[..., tuple[str, str]]

SEGMENT_SAFE: Final = "!$&'()*+,/:;=@"
"""Characters that a segment of a path keeps (the URL standard, "URL path segment"), and slashes."""


class Rule(BaseRule):
    """A URL rule; applications subclass it and set `Flask.url_rule_class`."""

    provide_automatic_options: bool = False
    """Whether the framework answers `OPTIONS` for the view."""

    @property
    def parts(self) -> Sequence[RulePart]:
        """The host and the segments of the path, as Werkzeug took them apart."""
        return self._parts

    @property
    def variables(self) -> Mapping[str, BaseConverter]:
        """The variables of the rule in their order, with their converters."""
        return self._converters

    def _refuse_a_name_twice(self) -> None:
        names = [name for is_variable, name in self._trace if is_variable]
        if len(names) > len(set(names)):
            name, times = Counter(names).most_common(1)[0]
            raise ValueError(
                f"The rule {self.rule!r} has {times} variables called {name!r}; a view takes one"
                " value of a name. The prefixes of blueprints belong to the rule too."
            )

    def _compile_builder(self, append_unknown: bool = True) -> BuildUrl:
        """What builds this rule's URLs, compiled when it first does.

        Werkzeug compiles two such functions for each rule when it is added, which takes most of
        the time of registering it; many rules build no URL, and few build both kinds. A rule with
        defaults is compiled at once: that is where a default its converter refuses is found out.

        :raises ValueError: two variables have the same name, of which a view could get one only.
        """
        if not append_unknown:  # the first of the two that Werkzeug asks for
            self._refuse_a_name_twice()
        compile_now = super()._compile_builder
        if self.defaults:
            return compile_now(append_unknown)
        slot = "_build_unknown" if append_unknown else "_build"

        # A plain function, because Werkzeug binds the result to the rule.
        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            # From now on without this detour.
            function = MethodType(compile_now(append_unknown), rule)
            vars(rule)[slot] = function
            return as_built(function(**values))

        return build

    def builder(self) -> BuildUrl:
        """What makes subdomain and path of the values of the variables, compiled.

        Values that are no variables become the query string.
        """
        compiled = MethodType(super()._compile_builder(True), self)
        vars(self)["_build_unknown"] = compiled
        return compiled

    def texts(self) -> tuple[str | None, str, list[tuple[str, str]]]:
        """The rule as the texts between its variables, quoted as URLs spell them.

        :returns: the subdomain, None if it has variables; the path up to the first variable; and
            each variable of the path with the text that follows it.
        """
        middle = self._trace.index((False, "|"))
        domain, path = self._trace[:middle], self._trace[middle + 1 :]
        texts, names = [""], list[str]()
        for is_variable, text in path:
            if is_variable:
                names.append(text)
                texts.append("")
            else:
                texts[-1] += quote(text, safe=SEGMENT_SAFE)
        named = any(is_variable for is_variable, _ in domain)
        subdomain = None if named else "".join(quote(text, safe=SEGMENT_SAFE) for _, text in domain)
        return subdomain, texts[0], list(zip(names, texts[1:], strict=True))


def as_built(result: object) -> tuple[str, str]:
    """What a compiled builder returns; a `MethodType` knows no types."""
    return cast("tuple[str, str]", result)
