"""The rule of a route: Werkzeug's, made quicker to register and told about its methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Lock
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias, cast
from urllib.parse import quote

from werkzeug.routing import BaseConverter, Map
from werkzeug.routing import Rule as BaseRule
from werkzeug.routing.rules import RulePart

from .reading import Variables, variables_in

# ...: the parameters are the rule's own variables.
BuildUrl: TypeAlias = Callable[..., tuple[str, str]]

SEGMENT_SAFE: Final = "!$&'()*+,/:;=@"
"""Characters that a segment of a path keeps (the URL standard, "URL path segment"), and slashes."""

OPTIONS: Final = frozenset({"_anchor", "_method", "_scheme", "_external"})
"""What `url_for` takes besides the values of variables."""

BUILDERS: Final = ("_build", "_build_unknown")
COMPILED: Final = frozenset({"_parts", "_trace", "_converters", "arguments", *BUILDERS})
"""What Werkzeug makes of the text of a rule, by the names it has in the object."""

COMPILING: Final = Lock()
"""Held while a rule is compiled late, so that all threads get the same converters."""


class Rule(BaseRule):
    """A URL rule; applications subclass it and set `Flask.url_rule_class`."""

    provide_automatic_options: bool = False
    """Whether the framework answers `OPTIONS` for the view."""

    read: Variables | None = None
    """The variables of a rule that was not compiled when it was added; None of any other."""

    _was_late: bool = False
    _may_wait: ClassVar[bool] = True
    encodes_plainly: ClassVar[bool] = True
    """Whether query strings are written by Werkzeug, and not by a subclass."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        steps = ("compile", "get_converter", "_parse_rule", "_compile_builder", "_get_func_code")
        cls._may_wait = all(getattr(cls, step) is getattr(Rule, step) for step in steps)
        cls.encodes_plainly = cls._encode_query_vars is BaseRule._encode_query_vars

    def compile(self) -> None:
        """Work out what the text of the rule means, or note that this can wait (decision 014).

        It can where it is certain to succeed, and where nothing but the text plays a part.
        """
        first_time = self.read is None and not self._trace
        url_map = self.map
        if first_time and self._may_wait and not (self.defaults or self.subdomain):
            self.read = (
                None if url_map.host_matching else variables_in(self.rule, url_map.converters)
            )
            if self.read is not None:
                del self._parts, self._trace, self._converters, self.arguments
                return
        if not first_time:
            self.arguments: set[str] = self._names()
            self.read = None
        super().compile()

    if not TYPE_CHECKING:  # to checkers it would mean that a rule has any attribute

        def __getattr__(self, name: str) -> object:
            """What was put off, when somebody asks for it."""
            if self.read is not None:
                if name == "arguments":
                    self.arguments = {name for name, _ in self.read}
                elif name in COMPILED:
                    self._compile_late()
            return object.__getattribute__(self, name)

    def _compile_late(self) -> None:
        # In a twin, because other threads must not see what is half made.
        with COMPILING:
            own = vars(self)
            if "_parts" not in own:
                twin = object.__new__(type(self))
                made = vars(twin)
                made.update(own, arguments=self._names(), host=None, subdomain=None)
                made["get_converter"] = self._known_converter
                BaseRule.compile(twin)
                for name in BUILDERS:
                    made[name] = MethodType(made[name].__func__, self)
                own.update({name: made[name] for name in COMPILED}, _was_late=True)

    def _names(self) -> set[str]:
        names: set[str] = getattr(self, "arguments")  # Werkzeug leaves open what is in the set
        return names

    def _known_converter(self, variable: str, *_: object) -> BaseConverter:
        # Of the class its name stood for when the rule was added.
        return dict(self.read or ())[variable](self.map)

    @property
    def parts(self) -> Sequence[RulePart]:
        """The host and the segments of the path, as Werkzeug took them apart."""
        return self._parts

    @property
    def variables(self) -> Mapping[str, BaseConverter]:
        """The variables of the rule in their order, with their converters."""
        return self._converters

    @property
    def is_compiled(self) -> bool:
        """Whether there are converters that somebody may have changed."""
        return self.read is None or self._was_late

    def steps(self) -> Iterator[str | RulePart]:
        """The segments of the path: texts, and parts with variables."""
        if self.read is None:
            for part in self.parts[2:]:  # after the host and the slash the path begins with
                yield part.content if part.static else part
            return
        variables = iter(self.read)
        for segment in self.rule.split("/")[1:]:
            yield part_of(next(variables)[1]) if "<" in segment else segment

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
        if self.defaults:
            return super()._compile_builder(append_unknown)
        return build_and_more if append_unknown else build_path

    def builder(self, append_unknown: bool) -> BuildUrl:
        """What builds URLs of the rule, compiled now."""
        return super()._compile_builder(append_unknown)

    def texts(self) -> tuple[str | None, str, list[tuple[str, str]]]:
        """The rule as the texts between its variables, quoted as URLs spell them.

        :returns: the subdomain, None if it has variables; the path up to the first variable; and
            each variable of the path with the text that follows it.
        """
        if self.read is not None:
            head, *others = self.rule.split("<")
            following = [quoted(other.partition(">")[2]) for other in others]
            names = [name for name, _ in self.read]
            return "", quoted(head), list(zip(names, following, strict=True))
        middle = self._trace.index((False, "|"))
        domain, path = self._trace[:middle], self._trace[middle + 1 :]
        texts, names = [""], list[str]()
        for is_variable, text in path:
            if is_variable:
                names.append(text)
                texts.append("")
            else:
                texts[-1] += quoted(text)
        named = any(is_variable for is_variable, _ in domain)
        subdomain = None if named else "".join(quoted(text) for _, text in domain)
        return subdomain, texts[0], list(zip(names, texts[1:], strict=True))

    def query_of(self, values: Mapping[str, Any]) -> str:
        """The query string of values that are no variables. Any: as they are given."""
        return self._encode_query_vars(values)


def quoted(text: str) -> str:
    """A text between variables as URLs spell it."""
    return quote(text, safe=SEGMENT_SAFE)


# Plain functions, because Werkzeug binds what builds to the rule.
def build_path(rule: Rule, /, **values: object) -> tuple[str, str]:
    """Build a path, by a function that takes the place of this one from now on."""
    return first_built(rule, "_build", values)


def build_and_more(rule: Rule, /, **values: object) -> tuple[str, str]:
    """Build a path and a query string, by a function that takes the place of this one."""
    return first_built(rule, "_build_unknown", values)


def first_built(rule: Rule, slot: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Compile what builds URLs of a rule, and build one."""
    function = MethodType(rule.builder(slot == "_build_unknown"), rule)
    vars(rule)[slot] = function
    return as_built(function(**values))


def as_built(result: object) -> tuple[str, str]:
    """What a compiled builder returns; a `MethodType` knows no types."""
    return cast("tuple[str, str]", result)


PARTS: Final[dict[type[BaseConverter], RulePart]] = {}


def part_of(kind: type[BaseConverter]) -> RulePart:
    """A segment that is one variable, as Werkzeug takes it apart.

    :param kind: one of the converters that need no arguments.
    """
    part = PARTS.get(kind)
    if part is None:
        rule = Rule("/<value>")
        rule.map = Map(converters={"default": kind})
        BaseRule.compile(rule)
        part = PARTS[kind] = rule.parts[-1]
    return part
