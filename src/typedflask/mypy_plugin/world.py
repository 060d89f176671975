"""What a module's code meets when it runs: the applications it can be part of, all they register.

A module runs in the applications that import it and in those it imports. What two of them know
counts together, so that no right program is refused; and where something is registered that
cannot be read from the text, the world is open: what is not known there may exist.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, TypeAlias, cast

from typedflask.checks.rules import VARIABLE, MalformedRule, read_rule

from .facts import UNREAD, Names, Placement, Preprocessor, Route
from .files import Source
from .folders import files_below
from .links import Links, Owner

Variables: TypeAlias = "frozenset[str] | None"
"""What a URL needs values for, or None where that is not known."""


class Place(NamedTuple):
    """Where the rules of an application or blueprint end up."""

    name: str
    """What the endpoint begins with, a dot at its end."""
    prefix: str | None
    """What the rule begins with, None where that cannot be read."""
    defaults: frozenset[str] | None
    through: frozenset[str]
    """The keys of the owners around it, its own included."""


class World:
    """What the applications of a module register together.

    :param links: what names stand for.
    :param sources: the modules of the applications.
    """

    def __init__(self, links: Links, sources: list[Source]) -> None:
        self.links = links
        self.sources = sources
        self.endpoints: dict[str, set[Variables]] = {}
        self.converters: dict[str, tuple[str, str | None]] = {}
        """The class and its module, by the converter's name; no module if it is not the project's."""
        self.duplicates: dict[tuple[str, int, int], str] = {}
        """What to say about a registration: by path, line and column."""
        self.open_endpoints: bool = False
        self.open_converters: bool = False
        self.adds_values: bool = False
        self.template_folders: set[str] = set()
        """Where templates were looked for."""
        self._places: dict[str, list[Place]] = {}
        self._preprocessors: list[tuple[Owner | None, Preprocessor]] = []
        for source in self.sources:
            self._take(source)
        for outer, inner, placement in self.placements:
            # Such a blueprint may be anybody's, and have any endpoint.
            self.open_endpoints |= outer is None or inner is None or placement.options is None
        for owner, route, _ in self.routes:
            self._add_endpoint(owner, route)
        for owner in self.owners:
            self._add_static(owner)
        self._find_duplicates()

    # --- reading -------------------------------------------------------------------------

    def _take(self, source: Source) -> None:
        said, name = source.module, source.name
        self.open_endpoints |= said.unread_endpoints
        self.open_converters |= said.unread_converters
        self.adds_values |= said.adds_values
        for converter, dotted in said.converters.items():
            key, module = self.links.canonical(dotted, name)
            self.converters[converter] = (key, module)
        for preprocessor in said.preprocessors:
            owner = self.links.owner(preprocessor.owner, name)
            self._preprocessors.append((owner, preprocessor))
        for function, passed in said.passed:
            given_owner = self.links.owner(passed, name) is not None
            if given_owner and self.links.may_register(function, name):
                self.open_endpoints = self.open_converters = True

    @cached_property
    def routes(self) -> list[tuple[Owner | None, Route, Source]]:
        """All registered rules, each with who it is registered with."""
        return [
            (self.links.owner(route.owner, source.name), route, source)
            for source in self.sources
            for route in source.module.routes
        ]

    @cached_property
    def placements(self) -> list[tuple[Owner | None, Owner | None, Placement]]:
        """All registered blueprints: the outer owner, the inner one, and how."""
        return [
            (
                self.links.owner(placement.outer, source.name),
                self.links.owner(placement.inner, source.name),
                placement,
            )
            for source in self.sources
            for placement in source.module.placements
        ]

    @cached_property
    def owners(self) -> list[Owner]:
        """The applications and blueprints that are made here."""
        made = (
            self.links.owner(key, source.name)
            for source in self.sources
            for key in source.module.made
        )
        return list(dict.fromkeys(owner for owner in made if owner is not None))

    # --- where rules end up --------------------------------------------------------------

    def places(self, owner: Owner) -> list[Place]:
        """Where an application's or blueprint's rules end up; none for one nobody registers."""
        if owner.kind == "application":
            return [Place("", "", frozenset(), frozenset({owner.key}))]
        if owner.key not in self._places:
            self._places[owner.key] = []  # a blueprint in itself is nowhere
            self._places[owner.key] = list(self._find_places(owner))
        return self._places[owner.key]

    def _find_places(self, owner: Owner) -> Iterator[Place]:
        for outer, inner, placement in self.placements:
            if outer is None or inner is None or placement.options is None:
                continue
            if inner.key != owner.key:
                continue
            options = dict(placement.options)
            name = options.get("name", owner.option("name", 0))
            if not isinstance(name, str):
                self.open_endpoints = True
                continue
            own = options.get("url_prefix")
            prefix = owner.option("url_prefix", 5) if own is None else own
            defaults = join_names(
                names_in(options.get("url_defaults")), names_in(owner.option("url_defaults", 7))
            )
            for place in self.places(outer):
                yield Place(
                    f"{place.name}{name}.",
                    join_prefixes(place.prefix, prefix),
                    defaults,
                    place.through | {owner.key},
                )

    def _add_endpoint(self, owner: Owner | None, route: Route) -> None:
        places = [] if owner is None else self.places(owner)
        if owner is None or route.endpoint is None or owner.odd or not places:
            self.open_endpoints = True
        for place in places:
            if route.endpoint is not None:
                known = self.endpoints.setdefault(place.name + route.endpoint, set())
                known.add(needed(place, route))

    def _add_static(self, owner: Owner) -> None:
        folder = owner.option("static_folder")
        self.open_endpoints |= owner.odd
        if owner.kind == "application" or folder is not None:
            for place in self.places(owner):
                self.endpoints.setdefault(f"{place.name}static", set()).add(
                    frozenset({"filename"}) if owner.kind == "application" else None
                )

    def _find_duplicates(self) -> None:
        first: dict[tuple[str, str], tuple[Route, Source]] = {}
        for owner, route, source in self.routes:
            if owner is None or not route.certain or route.endpoint is None or route.view == "?":
                continue
            key = (owner.key, route.endpoint)
            other, where = first.setdefault(key, (route, source))
            same_run = where is source and other.scope == route.scope
            at_import = other.scope == where.name and route.scope == source.name
            if other.view != route.view and (same_run or at_import) and not owner.odd:
                place = f"line {other.line}" if where is source else f"{where.name}:{other.line}"
                self.duplicates[source.path, route.line, route.column] = (
                    f"The endpoint {route.endpoint!r} has another view already, {short(other.view)!r}"
                    f" ({place}); the view {short(route.view)!r} of the rule {route.rule!r} needs an"
                    " endpoint of its own."
                )

    # --- what a view gets ----------------------------------------------------------------

    def route_at(self, path: str, line: int, column: int) -> tuple[Owner | None, Route] | None:
        """The rule that is registered somewhere."""
        for owner, route, source in self.routes:
            if (route.line, route.column) == (line, column) and source.path == path:
                return owner, route
        return None

    def preprocessed(self, owner: Owner) -> tuple[Names, bool]:
        """What preprocessors take out of the values of an owner's rules; whether they put in."""
        around = frozenset({owner.key}).union(*(place.through for place in self.places(owner)))
        takes: Names = frozenset()
        puts = False
        for scope, preprocessor in self._preprocessors:
            applies = scope is None or preprocessor.everywhere or scope.kind == "application"
            if applies or (scope is not None and scope.key in around):
                takes = join_names(takes, preprocessor.takes)
                puts |= preprocessor.puts
        return takes, puts

    def converters_in(self, source: Source) -> frozenset[str]:
        """The project's own converters that rules registered in a module may use."""
        found: set[str] = set()
        for owner, route, where in self.routes:
            if where is not source:
                continue
            prefixes = [""] if owner is None else [place.prefix for place in self.places(owner)]
            for text in (route.rule, *prefixes):
                if text is None:
                    return frozenset(self.converters)
                found.update(variable["converter"] for variable in VARIABLE.finditer(text))
        return frozenset(found & self.converters.keys())

    def modules_behind(self, converters: Iterable[str], near: str) -> set[str]:
        """The modules that say what converters give.

        :param converters: their names in rules.
        :param near: the module that asks.
        """
        found: set[str] = set()
        for name in converters:
            key, module = self.converters[name]
            found |= self.links.modules_behind(key, module or near)
        return found

    def facts(self) -> Iterator[str]:
        """All that answers depend on, for caches to compare."""
        yield repr((self.open_endpoints, self.open_converters, self.adds_values))
        yield from (
            repr((name, sorted(map(repr, needs)))) for name, needs in sorted(self.endpoints.items())
        )
        yield from map(repr, sorted(self.duplicates.items()))
        for name, (dotted, module) in sorted(self.converters.items()):
            source = None if module is None else self.links.files.sources[module]
            annotation = (
                None if source is None else source.module.annotations.get(f"{dotted}.to_python")
            )
            yield repr((name, dotted, annotation))
        for owner in sorted(self.owners, key=lambda owner: owner.key):
            yield repr((owner.key, owner.kind, self.places(owner), owner.odd))
            takes, puts = self.preprocessed(owner)
            yield repr((None if takes is None else sorted(takes), puts))
        yield repr(self.templates)

    # --- templates -----------------------------------------------------------------------

    @cached_property
    def templates(self) -> list[str] | None:
        """The names of all templates, or None where not all folders are known."""
        if self.open_endpoints or any(source.module.unread_templates for source in self.sources):
            return None
        found: set[str] = set()
        for owner in self.owners:
            folder = self._template_folder(owner)
            if folder is UNREAD or owner.option("root_path") is not None:
                return None
            if isinstance(folder, str):
                self.template_folders.add(os.path.join(self._folder_of(owner), folder))
        for folder in self.template_folders:
            found.update(files_below(folder))
        return sorted(found) or None

    def _template_folder(self, owner: Owner) -> object:
        application = owner.kind == "application"
        arguments = () if owner.made is None else owner.made.arguments
        if (
            owner.option("templates") is not None
            or owner.option("import_name", 0 if application else 1) != "__name__"
        ):
            return UNREAD
        if len(arguments) > (2 if not application else 1):
            return UNREAD
        return owner.option("template_folder") or ("templates" if application else None)

    def _folder_of(self, owner: Owner) -> str:
        return os.path.dirname(self.links.files.sources[owner.module].path)


def needed(place: Place, route: Route) -> Variables:
    """What a URL of a rule needs values for."""
    defaults = join_names(place.defaults, route.defaults)
    if route.rule is None or place.prefix is None or defaults is None:
        return None
    try:
        rule = read_rule(place.prefix + route.rule)
    except MalformedRule:
        return None
    return frozenset(rule.variables) - defaults


def join_names(first: Names, second: Names) -> Names:
    """All of both, if both are known."""
    return None if first is None or second is None else first | second


def names_in(value: object) -> Names:
    """The keys that `reading.constant` gave for a dict."""
    if value is None:
        return frozenset()
    if not isinstance(value, frozenset):
        return None
    return frozenset(map(str, cast("frozenset[object]", value)))


def join_prefixes(outer: str | None, inner: object) -> str | None:
    """The prefixes of two blueprints as one, None if one of them is not known."""
    if outer is None or inner is None:
        return outer
    return f"{outer.rstrip('/')}/{inner.strip('/')}" if isinstance(inner, str) else None


def short(view: str) -> str:
    """What to call a view: the last part of its dotted name."""
    return view.partition("!")[0].partition("()@")[0].rpartition(".")[2]
