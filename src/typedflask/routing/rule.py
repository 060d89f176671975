"""The rule of a route: Werkzeug's, made quicker to register and told about its methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from werkzeug.routing import BaseConverter
from werkzeug.routing import Rule as BaseRule
from werkzeug.routing.rules import RulePart

# ...: the parameters are the rule's own variables.
BuildUrl: TypeAlias = Callable[..., tuple[str, str]]


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

    def compile(self) -> None:
        """Take the rule apart; the map calls it when the rule is added.

        :raises ValueError: two variables have the same name, of which a view could get one only.
        """
        super().compile()
        names = Counter(name for is_variable, name in self._trace if is_variable)
        name, times = names.most_common(1)[0] if names else ("", 0)
        if times > 1:
            raise ValueError(
                f"The rule {self.rule!r} has {times} variables called {name!r}; a view takes one"
                " value of a name. The prefixes of blueprints belong to the rule too."
            )

    def _compile_builder(self, append_unknown: bool = True) -> BuildUrl:
        """What builds this rule's URLs, compiled when it first does.

        Werkzeug compiles two such functions for each rule when it is added, which takes most of
        the time of registering it; many rules build no URL, and few build both kinds. A rule with
        defaults is compiled at once: that is where a default its converter refuses is found out.
        """
        compile_now = super()._compile_builder
        if self.defaults:
            return compile_now(append_unknown)
        compiled: list[BuildUrl] = []

        # A plain function, because Werkzeug binds the result to the rule.
        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build
