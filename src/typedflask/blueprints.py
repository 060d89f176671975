"""A blueprint: a register, a name and a prefix.

What is registered with a blueprint is kept until the blueprint is registered with an application;
then it takes effect there, under the blueprint's name and prefix (Flask's documentation, "Modular
Applications with Blueprints"). Blueprints nest, and one may be registered several times under
different names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Generic, Never, Protocol, TypeAlias, TypedDict, Unpack, cast

from .errors import SetupFinishedError
from .newer_typing import TypeVar
from .registration import Scaffold, setupmethod
from .registration.blueprint_hooks import AppWideHooks, WholeApp
from .registration.routes import endpoint_of
from .stages import merge

if TYPE_CHECKING:
    from .app import Flask
    from .registration.options import AddUrlRuleOptions
    from .registration.results import ViewResult

    # A documented signature: `record` functions get a state, and the state names its application.
    AnyFlask: TypeAlias = Flask[Any]

Needs = TypeVar("Needs", default=Never)
Needs_co = TypeVar("Needs_co", default=Never, covariant=True)

UNSET_GROUP = "…"
"""The mark for "the blueprint's own name" as the group of its commands."""


class BlueprintOptions(TypedDict, total=False):
    """Options of registering a blueprint; those given replace the blueprint's own."""

    name: str
    """Another name, for registering the same blueprint again."""
    url_prefix: str | None
    """What the paths of its rules begin with."""
    subdomain: str | None
    """The subdomain of its rules, with `subdomain_matching`."""
    # Any: a default stands in for what a converter would have made.
    url_defaults: Mapping[str, Any]
    """Values for variables that its rules do not have."""
    cli_group: str | None
    """The group of its commands; None puts them beside the application's."""
    name_prefix: str
    """The dotted names of the blueprints around it; set when it is nested."""


class BlueprintSetupState:
    """One registration of a blueprint with an application; `record` functions get it.

    :param blueprint: the blueprint.
    :param app: the application.
    :param options: what `register_blueprint` was given.
    :param first_registration: whether it is the first one of this blueprint with this application.
    """

    def __init__(
        self,
        blueprint: Blueprint[Any],
        app: AnyFlask,
        options: BlueprintOptions,
        first_registration: bool,
    ) -> None:
        self.app = app
        self.blueprint = blueprint
        self.options = options
        self.first_registration = first_registration
        self.name: str = options.get("name", blueprint.name)
        self.name_prefix: str = options.get("name_prefix", "")
        subdomain = options.get("subdomain")
        self.subdomain: str | None = blueprint.subdomain if subdomain is None else subdomain
        prefix = options.get("url_prefix")
        self.url_prefix: str | None = blueprint.url_prefix if prefix is None else prefix
        self.url_defaults: dict[str, Any] = {
            **blueprint.url_values_defaults,
            **options.get("url_defaults", {}),
        }

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,  # Any: as `Flask.add_url_rule`
        **options: Unpack[AddUrlRuleOptions],
    ) -> None:
        """Register a rule with the application, under the blueprint's name and prefix."""
        if self.url_prefix is not None:
            rule = f"{self.url_prefix.rstrip('/')}/{rule.lstrip('/')}" if rule else self.url_prefix
        options.setdefault("subdomain", self.subdomain)
        if endpoint is None:
            endpoint = endpoint_of(view_func)
        options["defaults"] = {**self.url_defaults, **(options.get("defaults") or {})}
        full_name = f"{self.name_prefix}.{self.name}.{endpoint}".lstrip(".")
        self.app.add_url_rule(rule, full_name, view_func, **options)


DeferredSetupFunction: TypeAlias = Callable[[BlueprintSetupState], None]
"""What `record` takes."""

RecordedT = TypeVar("RecordedT", bound=DeferredSetupFunction)


class BlueprintFor(Protocol[Needs_co]):
    """A blueprint whose views return no more than an application's rules accept.

    Every `Blueprint` is one, for checkers: `Blueprint[Money]` fits where `Money` is accepted,
    whatever else is, and a plain `Blueprint` fits everywhere (decision 063).
    """

    if TYPE_CHECKING:

        @property
        def _needs(self) -> Callable[[], Needs_co]: ...

    def register(self, app: AnyFlask, options: BlueprintOptions) -> None:
        """See `Blueprint.register`."""
        ...


class Blueprint(AppWideHooks[Needs], Scaffold[Needs], Generic[Needs]):
    """Routes, hooks, handlers, templates and static files of one part of an application.

    `Blueprint[Money]` is for applications whose rules accept `Money`; its views may return it.

    :param name: the first part of its endpoints; unique among its siblings, without dots.
    :param import_name: the module it is defined in, usually `__name__`.
    :param static_folder: a folder of static files of its own, relative to its root.
    :param static_url_path: the path they are served under, below its prefix.
    :param template_folder: a folder of templates that the application's own templates override.
    :param url_prefix: what the paths of its rules begin with.
    :param subdomain: the subdomain of its rules, with `subdomain_matching`.
    :param url_defaults: values for variables that its rules do not have.
    :param root_path: its root folder, where that cannot be found from `import_name`.
    :param cli_group: the group of its commands: its name by default, None for no group.
    :raises ValueError: the name is empty or has a dot, which separates nested names.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        static_folder: str | os.PathLike[str] | None = None,
        static_url_path: str | None = None,
        template_folder: str | os.PathLike[str] | None = None,
        url_prefix: str | None = None,
        subdomain: str | None = None,
        url_defaults: Mapping[str, Any] | None = None,  # Any: see `BlueprintOptions`
        root_path: str | None = None,
        cli_group: str | None = UNSET_GROUP,
    ) -> None:
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        check_name(name, "A blueprint's name")
        self.name = name
        self.url_prefix = url_prefix
        self.subdomain = subdomain
        self.url_values_defaults: dict[str, Any] = dict(url_defaults or {})
        self.cli_group = cli_group
        self.deferred_functions: list[DeferredSetupFunction] = []
        self._nested: list[tuple[Blueprint[Any], BlueprintOptions]] = []
        self._got_registered_once = False

    def check_setup_finished(self, f_name: str, /) -> None:
        """Raise if the blueprint was registered already."""
        if self._got_registered_once:
            raise SetupFinishedError(
                f"{f_name}() was called on {self!r} after it was registered with an application,"
                " so the application would not learn of it. Fill the blueprint first, then"
                " register it; often it is enough to import the module with its views earlier."
            )

    def _with_app(self, act: Callable[[WholeApp], object]) -> None:
        def apply(state: BlueprintSetupState) -> None:
            act(state.app)

        self.record_once(apply)

    if TYPE_CHECKING:

        @property
        def _needs(self) -> Callable[[], Needs]: ...

    @setupmethod
    def record(self, func: RecordedT) -> RecordedT:
        """Call a function with the state of each registration of this blueprint."""
        self.deferred_functions.append(func)
        return func

    @setupmethod
    def record_once(self, func: RecordedT) -> RecordedT:
        """Call a function with the state of the first registration with an application only."""

        def first_only(state: BlueprintSetupState) -> None:
            if state.first_registration:
                func(state)

        self.deferred_functions.append(update_wrapper(first_only, func))
        return func

    def make_setup_state(
        self, app: AnyFlask, options: BlueprintOptions, first_registration: bool = False
    ) -> BlueprintSetupState:
        """The state of a registration; override it to use a class of your own."""
        return BlueprintSetupState(self, app, options, first_registration)

    @setupmethod
    def register_blueprint(
        self, blueprint: BlueprintFor[Needs], **options: Unpack[BlueprintOptions]
    ) -> None:
        """Nest a blueprint: it is registered with the application when this one is.

        :param blueprint: the blueprint to nest.
        :param options: see `BlueprintOptions`; prefixes and names add up.
        :raises ValueError: it is this blueprint itself.
        """
        nested = as_blueprint(blueprint)
        if nested.holds(self):
            raise ValueError(f"{self!r} cannot be nested in itself, or in one it holds.")
        self._nested.append((nested, options))

    def holds(self, blueprint: Blueprint[Any]) -> bool:
        """Whether a blueprint is this one, or nested in it at any depth."""
        return blueprint is self or any(nested.holds(blueprint) for nested, _ in self._nested)

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., ViewResult[Needs]] | None = None,
        **options: Unpack[AddUrlRuleOptions],
    ) -> None:
        """Register a rule; it takes effect when the blueprint is registered.

        :param rule: the path, to which the prefix is added.
        :param endpoint: the last part of the endpoint, by default the view's name.
        :param view_func: the view.
        :param options: `methods` and the options of the rule.
        :raises ValueError: the endpoint has a dot, which separates the names of blueprints.
        """
        check_endpoint(endpoint, view_func)

        def add(state: BlueprintSetupState) -> None:
            state.add_url_rule(rule, endpoint, view_func, **options)

        self.record(add)

    def register(self, app: AnyFlask, options: BlueprintOptions) -> None:
        """Make this blueprint take effect in an application; `register_blueprint` calls it.

        :param app: the application.
        :param options: see `BlueprintOptions`.
        :raises ValueError: the application has another blueprint of this name.
        """
        name_prefix = options.get("name_prefix", "")
        own_name = options.get("name", self.name)
        if not own_name:
            raise ValueError(f"{self!r} cannot be registered under an empty name.")
        name = f"{name_prefix}.{own_name}".lstrip(".")
        self._refuse_taken_name(app, name)
        first = all(known is not self for known in app.blueprints.values())
        app.blueprints[name] = self
        self._got_registered_once = True
        state = self.make_setup_state(app, options, first)
        if self.has_static_folder:
            state.add_url_rule(
                f"{self.static_url_path}/<path:filename>",
                endpoint="static",
                view_func=self.send_static_file,
            )
        self._merge_into(app, name)
        for deferred in self.deferred_functions:
            deferred(state)
        self._register_commands(app, options, name)
        for nested, nested_options in self._nested:
            nested.register(app, _nested_options(state, name, nested, nested_options))

    def _refuse_taken_name(self, app: AnyFlask, name: str) -> None:
        other = app.blueprints.get(name)
        if other is not None:
            whose = "this blueprint" if other is self else f"{other!r} of {other.import_name!r}"
            raise ValueError(
                f"The name {name!r} is already that of {whose}. Register this one under another"
                f" name: register_blueprint(..., name={name.rpartition('.')[2] + '_2'!r})."
            )

    def _merge_into(self, app: AnyFlask, name: str) -> None:
        """Give hooks, handlers and views to the application, under the registered name."""
        merge(app.before_request_funcs, self.before_request_funcs, name)
        merge(app.after_request_funcs, self.after_request_funcs, name)
        merge(app.teardown_request_funcs, self.teardown_request_funcs, name)
        merge(app.template_context_processors, self.template_context_processors, name)
        merge(app.url_value_preprocessors, self.url_value_preprocessors, name)
        merge(app.url_default_functions, self.url_default_functions, name)
        app.error_table.merge(self.error_table, name)
        for endpoint, view in self.view_functions.items():
            app.view_functions[f"{name}.{endpoint}"] = view
            # Flask takes the name as it was given, so that it may be another blueprint's or the
            # application's; views there are not replaced by a name that was meant for here.
            app.view_functions.setdefault(endpoint, view)

    def _register_commands(self, app: AnyFlask, options: BlueprintOptions, name: str) -> None:
        if self._cli is None or not self._cli.commands:
            return
        group = options.get("cli_group", self.cli_group)
        if group is None:
            app.cli.commands.update(self.cli.commands)
            return
        self.cli.name = name if group == UNSET_GROUP else group
        app.cli.add_command(self.cli)


def as_blueprint(blueprint: BlueprintFor[Any]) -> Blueprint[Any]:
    """Every blueprint is a `Blueprint`; the Protocol only says what its views may return."""
    return cast("Blueprint[Any]", blueprint)


def _nested_options(
    parent: BlueprintSetupState, parent_name: str, blueprint: Blueprint[Any], own: BlueprintOptions
) -> BlueprintOptions:
    """The options of a nested blueprint: prefixes and subdomains add up, names are prefixed."""
    prefix = own.get("url_prefix")
    subdomain = own.get("subdomain")
    return {
        **own,
        "name_prefix": parent_name,
        "url_prefix": join_prefixes(
            parent.url_prefix, blueprint.url_prefix if prefix is None else prefix
        ),
        "subdomain": join_subdomains(
            blueprint.subdomain if subdomain is None else subdomain, parent.subdomain
        ),
    }


def join_prefixes(outer: str | None, inner: str | None) -> str | None:
    """The prefix of a nested blueprint, with one slash between the two."""
    if outer is None or inner is None:
        return inner if outer is None else outer
    return f"{outer.rstrip('/')}/{inner.lstrip('/')}"


def join_subdomains(inner: str | None, outer: str | None) -> str | None:
    """The subdomain of a nested blueprint, left of the one around it."""
    if inner is None or outer is None:
        return outer if inner is None else inner
    return ".".join(filter(None, (inner, outer)))


def check_name(name: str, what: str) -> None:
    """Refuse a name that nested names could not be made of."""
    if not name:
        raise ValueError(f"{what} may not be empty.")
    if "." in name:
        raise ValueError(f"{what} may not contain a dot, which separates nested names: {name!r}.")


def check_endpoint(endpoint: str | None, view: Callable[..., Any] | None) -> None:
    """Refuse an endpoint, or a view's name that becomes one, with a dot."""
    for name in (endpoint, getattr(view, "__name__", None)):
        if name and "." in name:
            raise ValueError(
                f"The endpoint {name!r} may not contain a dot: it comes after the blueprint's name,"
                " and dots separate the two."
            )
