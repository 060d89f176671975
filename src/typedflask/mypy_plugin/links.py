"""What the names in a project's modules stand for: applications, blueprints, classes."""

from __future__ import annotations

import builtins
from typing import Final, Literal, NamedTuple

from .facts import UNREAD, Made
from .files import Files
from .packages import Packages

APPLICATIONS: Final = frozenset(
    {"typedflask.Flask", "typedflask.app.Flask", "flask.Flask", "flask.app.Flask"}
)
BLUEPRINTS: Final = frozenset(
    {
        "typedflask.Blueprint",
        "typedflask.blueprints.Blueprint",
        "flask.Blueprint",
        "flask.blueprints.Blueprint",
    }
)
CURRENT: Final = frozenset({"typedflask.current_app", "flask.current_app"})
REPLACED: Final = frozenset(
    {
        "add_url_rule",
        "create_url_adapter",
        "handle_url_build_error",
        "inject_url_defaults",
        "make_setup_state",
        "record",
        "register",
        "register_blueprint",
        "route",
        "url_for",
        *("get", "post", "put", "patch", "delete"),
    }
)
"""Methods whose overriding may make registering mean something else."""

Kind = Literal["application", "blueprint"]


class Owner(NamedTuple):
    """An application or a blueprint: rules are registered with it."""

    key: str
    """Where it is bound, dotted."""
    kind: Kind
    module: str
    made: Made | None = None
    """How it was made; None where it is a parameter, or made by a function."""
    odd: bool = False
    """Whether its class replaces what registering does."""

    def option(self, name: str, position: int | None = None) -> object:
        """What it was made with: a constant, None if it was not given, or `UNREAD`."""
        if self.made is None:
            return UNREAD
        options = dict(self.made.options)
        if position is not None and len(self.made.arguments) > position:
            return self.made.arguments[position]
        return options.get(name, UNREAD if "**" in options else None)


class Links:
    """Follows names from module to module."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.packages: Packages = Packages()
        self._owners: dict[str, Owner | None] = {}

    def canonical(self, dotted: str, near: str) -> tuple[str, str | None]:
        """The name where it is defined, and that module; no module if it is not the project's."""
        for _ in range(20):  # hand-me-downs; more of them are a circle
            found = self.files.module_of(dotted, near)
            if found is None:
                return dotted, None
            source, rest = found
            if not rest:
                return source.name, source.name
            first, _, more = rest.partition(".")
            own = f"{source.name}.{first}"
            target = source.module.names.get(own, own)
            if target == own:
                return f"{source.name}.{rest}", source.name
            dotted = f"{target}.{more}" if more else target
            near = source.name
        return dotted, None

    def kind_of(self, dotted: str, near: str) -> tuple[Kind | None, bool]:
        """Whether a class makes applications or blueprints, and whether it is an odd one."""
        odd = False
        for _ in range(20):
            name, module = self.canonical(dotted, near)
            if name in APPLICATIONS:
                return "application", odd
            if name in BLUEPRINTS:
                return "blueprint", odd
            said = None if module is None else self.files.sources[module].module
            bases = () if said is None else said.bases.get(name, ())
            if said is None or module is None or not bases:
                return None, False
            odd = odd or not REPLACED.isdisjoint(said.methods.get(name, ()))
            dotted, near = bases[-1], module
        return None, False

    def owner(self, dotted: str | None, near: str) -> Owner | None:
        """The application or blueprint that a name stands for.

        :param dotted: the name as it is used, or None for what is not a name.
        :param near: the module that uses it.
        """
        if dotted is None:
            return None
        key, module = self.canonical(dotted, near)
        if key in CURRENT:
            return Owner(key, "application", "")
        if module is None:
            return None
        if key not in self._owners:
            self._owners[key] = None  # a name that is defined by itself is nothing
            self._owners[key] = self._find(key, module)
        return self._owners[key]

    def _find(self, key: str, module: str) -> Owner | None:
        said = self.files.sources[module].module
        made = said.made.get(key)
        if made is not None:
            kind, odd = self.kind_of(made.function, module)
            if kind is not None:
                return Owner(key, kind, module, made, odd)
            return self._from_function(made.function, key, module)
        given = said.given.get(key)
        if given is None:
            return None
        if given == "app":
            return Owner(key, "application", module)
        kind, odd = self.kind_of(given, module)
        return None if kind is None else Owner(key, kind, module, odd=odd)

    def _from_function(self, function: str, key: str, near: str) -> Owner | None:
        """What a factory returns: the application it made, if there is only one."""
        name, module = self.canonical(function, near)
        if module is None:
            return None
        said = self.files.sources[module].module
        returned = {self.owner(target, module) for target in said.returns.get(name, ())}
        if len(returned) == 1 and None not in returned:
            return returned.pop()
        if name in said.annotations:
            kind, odd = self.kind_of(said.annotations[name], module)
            if kind is not None:
                return Owner(key, kind, module, odd=odd)
        return None

    def may_register(self, function: str, near: str) -> bool:
        """Whether a call that is given an application may register what is not seen."""
        if function.startswith("?"):
            return True
        name, module = self.canonical(function, near)
        own, _, method = name.rpartition(".")
        if module is None:
            return not self.packages.registers_nothing(name.partition(".")[0])
        if self.owner(own, near) is not None:  # a method of an application
            return False
        said = self.files.sources[module].module
        if name in said.bases:
            return any(self.may_register(base, module) for base in said.bases[name])
        if name in said.defined or (own == module and hasattr(builtins, method)):
            return False
        made = said.made.get(own)
        return made is None or self.may_register(made.function, module)

    def modules_behind(self, dotted: str, near: str) -> set[str]:
        """The modules that say what a class makes of a value in `to_python`.

        They are its own, those of the classes it is made of, and those of the class it gives.
        """
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [(dotted, near)]
        while waiting:
            name, module = self.canonical(*waiting.pop())
            if name in seen:
                continue
            seen.add(name)
            if module is None:
                own = name.rpartition(".")[0]
                if own and self.packages.has_types(own):
                    found.add(own)
                continue
            found.add(module)
            said = self.files.sources[module].module
            names = [*said.bases.get(name, ())]
            if f"{name}.to_python" in said.annotations:
                names.append(said.annotations[f"{name}.to_python"])
            waiting += [(each, module) for each in names]
        return found
