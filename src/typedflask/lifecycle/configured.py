"""The backends that the configuration names, made when they are first needed.

What the program says wins: a backend given to `Flask`, assigned to it, or set on a subclass is
never replaced by what `JSON_BACKEND`, `SESSION_BACKEND` or `TEMPLATE_ENGINE` say. Until the first
request another name in the configuration gives another backend; after it, what was chosen stays
(decision 092).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from ..aside import kept_aside
from ..config import ConfigError
from ..registration.routes import Extra
from ..sessions.contract import AnySessionBackend
from .site import Site

if TYPE_CHECKING:
    from ..json.contract import JSONBackend
    from ..json.named import JSONChoice
    from ..json.provider import JSONProvider
    from ..templating.contract import TemplateBackend


T = TypeVar("T")


class Choice(Generic[T]):
    """What was made for a name, kept for as long as the same name is asked for."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: tuple[str | None, T] | None = None

    def of(self, name: str | None, make: Callable[[str | None], T], /) -> T:
        """What `make` gave for this name, or gives now if another name was asked for last."""
        if self._made is None or self._made[0] != name:
            self._made = (name, make(name))
        return self._made[1]


class ConfiguredApp(Protocol):
    """What choosing a backend asks of the application."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration; Any: its keys hold values of many types."""
        ...

    @property
    def got_first_request(self) -> bool:
        """Whether set-up is over."""
        ...

    @property
    def instance_path(self) -> str:
        """The instance folder."""
        ...


class SessionApp(ConfiguredApp, Protocol):
    """What choosing the session backend asks of the application."""

    session_interface: AnySessionBackend

    @property
    def session_choice(self) -> Choice[AnySessionBackend]:
        """Which one the configuration names."""
        ...


class DefaultJSON:
    """The class attribute that says which provider applications have, imported when it is read.

    An application that writes and reads no JSON does without (decision 049). Not a data descriptor:
    the class of a subclass takes its place.
    """

    def __get__(self, app: object, owner: type[object]) -> type[JSONProvider]:
        from ..json.provider import DefaultJSONProvider

        return DefaultJSONProvider


# Any: what is read and what may be assigned, which no annotation says of such a descriptor.
def default_json_provider() -> Any:
    """The class of the JSON provider of applications that name none."""
    return DefaultJSON()


def signed_cookies() -> AnySessionBackend:
    """The session backend of applications that name none, imported when it is first needed."""
    from ..sessions.cookie import SecureCookieSessionInterface

    return SecureCookieSessionInterface()


def json_choice(name: str) -> JSONChoice:
    """The JSON backend that the configuration names.

    :raises ConfigError: no backend has the name, or its library is not installed.
    """
    from ..backends import MissingLibrary, UnknownBackend
    from ..json.named import JSON_BACKENDS

    try:
        return JSON_BACKENDS.find(name)
    except (UnknownBackend, MissingLibrary, TypeError) as error:
        raise ConfigError(str(error)) from error


def templates_of(app: ConfiguredApp, name: str) -> TemplateBackend:
    """The template engine that the configuration names, made for an application.

    :raises ConfigError: no engine has the name, or its library is not installed.
    """
    from ..backends import MissingLibrary, UnknownBackend
    from ..templating.named import TEMPLATE_ENGINES

    try:
        found = TEMPLATE_ENGINES.find(name)
    except (UnknownBackend, MissingLibrary, TypeError) as error:
        raise ConfigError(str(error)) from error
    return made_engine(app, found)


# Any: the application, of which each engine asks what it needs.
def made_engine(app: ConfiguredApp, choice: Any) -> TemplateBackend:
    """The engine that an application was given, made for it if it was given a class or function.

    :raises TypeError: it is neither an engine nor makes one.
    """
    from ..templating.named import is_template_backend

    made: object = choice(app) if not is_template_backend(choice) and callable(choice) else choice
    if is_template_backend(made):
        return made
    gave = "" if made is choice else f" gave a {type(made).__name__}, which"
    hint = " A name is for the configuration: TEMPLATE_ENGINE." if isinstance(choice, str) else ""
    raise TypeError(
        f"The application was given {choice!r} for its templates; it{gave} has no methods `find`"
        f" and `from_source`, and so is no template engine.{hint}"
    )


def sessions_of(app: ConfiguredApp, name: str) -> AnySessionBackend:
    """The session backend that the configuration names.

    :raises ConfigError: no backend has the name, its library is not installed, or it cannot be
        made of what the configuration says.
    """
    from ..backends import MissingLibrary, UnknownBackend
    from ..sessions.named import SESSION_BACKENDS, is_session_backend, is_store_class
    from ..sessions.stores.contract import StoreOptions

    config = app.config
    try:
        found = SESSION_BACKENDS.find(name)
        if is_store_class(found):
            from ..sessions.server_side import from_config

            options = StoreOptions(
                config["SESSION_STORE"], config["SESSION_STORE_PREFIX"], app.instance_path
            )
            return from_config(app, found.configured(options))
        return found if is_session_backend(found) else found()
    except (UnknownBackend, MissingLibrary, TypeError, ValueError) as error:
        raise ConfigError(str(error)) from error


def given_sessions(session: AnySessionBackend) -> AnySessionBackend:
    """The session backend that an application was given.

    :raises TypeError: it is none; a store is not, and neither is the name or the class of a backend.
    """
    if not isinstance(session, type) and all(
        callable(getattr(session, name, None)) for name in ("open_session", "save_session")
    ):
        return session
    # Not what it looks like: that may be an address with a password in it.
    what, hint = f"an object of type {type(session).__name__!r}", ""
    if isinstance(session, type):
        what, hint = f"the class {session.__name__!r}", " Make an object of the class."
    elif isinstance(session, str):
        hint = " A name is for the configuration: SESSION_BACKEND."
    elif callable(getattr(session, "load", None)):
        hint = " It looks like a store: pass ServerSideSessions(store), of typedflask.sessions."
    raise TypeError(
        f"The application was given {what} for its sessions. A session backend is an object with"
        f" the methods `open_session` and `save_session`.{hint}"
    )


class ConfiguredSessions:
    """The session backend of an application: the one its configuration names, or the default.

    Not a data descriptor: a backend assigned to the application, or a class attribute of a
    subclass, takes its place.

    :param make_default: makes the backend, one for all applications whose configuration names none.
    """

    def __init__(self, make_default: Callable[[], AnySessionBackend]) -> None:
        self._make_default = make_default

    # Under threads two may be made at first; whoever then asks gets the one that was kept.
    @cached_property
    def _default(self) -> AnySessionBackend:
        return self._make_default()

    def __get__(self, app: SessionApp | None, owner: type[object]) -> AnySessionBackend:
        if app is None:
            return self._default
        name: str | None = app.config["SESSION_BACKEND"]
        chosen = app.session_choice.of(
            name, lambda name: self._default if name is None else sessions_of(app, name)
        )
        if app.got_first_request:
            app.session_interface = chosen  # Found before this descriptor from now on.
        return chosen


# Any: what is read and what may be assigned, which no annotation says of such a descriptor.
def chosen_by_configuration(make_default: Callable[[], AnySessionBackend]) -> Any:
    """The class attribute that gives each application the session backend of its configuration."""
    return ConfiguredSessions(make_default)


class ConfiguredBackends(Site[Extra], Generic[Extra]):
    """The part of an application that knows its JSON, session and template backends."""

    instance_path: str = kept_aside()
    """The folder of what belongs to this installation: configuration, data."""
    session_choice: Choice[AnySessionBackend] = kept_aside()
    """Which session backend the configuration names, and the one made of it."""
    _json_choice: Choice[JSONProvider] = kept_aside()
    _templates_choice: Choice[TemplateBackend] = kept_aside()
    _templates: TemplateBackend | None = kept_aside(None)
    # Any: the engine, or what makes one; `templates` says it exactly.
    _templates_given: Any = kept_aside()

    json_provider_class: type[JSONProvider] = default_json_provider()
    """The class of `json`, where `JSON_BACKEND` does not name another."""
    session_interface: AnySessionBackend = chosen_by_configuration(signed_cookies)
    """The session backend: by default the one `SESSION_BACKEND` names, or else a signed cookie."""

    def _set_backends(
        self,
        json: JSONBackend | type[JSONProvider] | None,
        session: AnySessionBackend | None,
        templates: TemplateBackend | Callable[[Self], TemplateBackend] | None,
    ) -> None:
        self._json: JSONProvider | None = None
        if json is not None:
            from ..json.provider import provider_for

            self._json = provider_for(self, json)
        self._json_choice = Choice()
        self.session_choice = Choice()
        self.plain_cookies = None
        if session is not None:
            self.session_interface = given_sessions(session)
        self._templates_given = templates
        self._templates_choice = Choice()

    @property
    def got_first_request(self) -> bool:
        """Whether a request was handled, after which set-up may not be changed."""
        return self._got_first_request

    @property
    def json(self) -> JSONProvider:
        """The JSON backend; any object with `dumps` and `loads` may be assigned.

        Where none was given, it is the one `JSON_BACKEND` names, or else a `json_provider_class`.
        """
        return self._configured_json() if self._json is None else self._json

    @json.setter
    def json(self, value: JSONBackend | type[JSONProvider]) -> None:
        from ..json.provider import provider_for

        self._json = provider_for(self, value)

    def _configured_json(self) -> JSONProvider:
        from ..json.provider import DefaultJSONProvider

        # A subclass that names its provider has decided, as a program does that assigns one.
        undecided = self.json_provider_class is DefaultJSONProvider
        name: str | None = self.config["JSON_BACKEND"] if undecided else None
        chosen = self._json_choice.of(name, self._make_json)
        if self._got_first_request:
            self._json = chosen
        return chosen

    def _make_json(self, name: str | None) -> JSONProvider:
        if name is None:
            return self.json_provider_class(self)
        from ..json.provider import provider_for

        return provider_for(self, json_choice(name))

    @property
    def templates(self) -> TemplateBackend:
        """The template engine: as given, or the one `TEMPLATE_ENGINE` names, or else Jinja.

        An engine, or a class or function that makes one for the application, may be assigned.
        """
        if self._templates is not None:
            return self._templates
        if self._templates_given is not None:
            self._templates = made_engine(self, self._templates_given)
            return self._templates
        name: str | None = self.config["TEMPLATE_ENGINE"]
        chosen = self._templates_choice.of(name, lambda name: templates_of(self, name or "jinja"))
        if self._got_first_request:
            self._templates = chosen
        return chosen

    @templates.setter
    def templates(self, value: TemplateBackend | Callable[[Self], TemplateBackend]) -> None:
        self._templates, self._templates_given = None, value
