"""The backends that the configuration names, made when they are first needed.

What the program says wins: a backend given to `Flask`, assigned to it, or set on a subclass is
never replaced by what `JSON_BACKEND`, `SESSION_BACKEND` or `TEMPLATE_ENGINE` say. Until the first
request another name in the configuration gives another backend; after it, what was chosen stays
(decision 092).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ..aside import kept_aside
from ..registration.routes import Extra
from ..sessions.asking import UNREAD
from .site import Site

if TYPE_CHECKING:
    from ..json.contract import JSONBackend
    from ..json.provider import JSONProvider
    from ..sessions.contract import AnySessionBackend, PlainCookies
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

    # Any: whatever its responses are made of.
    def __get__(
        self, app: ConfiguredBackends[Any] | None, owner: type[object]
    ) -> AnySessionBackend:
        if app is None:
            return self._default
        # What was decided at the first request stays, also if nobody had to look at it.
        decided = app.plain_cookies is UNREAD
        name: str | None = None if decided else app.config["SESSION_BACKEND"]
        chosen = app.session_choice.of(name, lambda name: self._named(app, name))
        if app.got_first_request:
            app.session_interface = chosen  # Found before this descriptor from now on.
        return chosen

    def _named(self, app: ConfiguredBackends[Any], name: str | None) -> AnySessionBackend:
        if name is None:
            return self._default
        from .choosing import sessions_of

        return sessions_of(app, name)


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
        self.plain_cookies: PlainCookies | None = None
        if session is not None:
            from .choosing import given_sessions

            self.session_interface = given_sessions(session)
        self._templates_given = templates
        self._templates_choice = Choice()

    def _keeps_default_sessions(self) -> bool:
        if self._sessions_given:  # asked first, for each request with another backend asks this
            return False
        default: object = vars(ConfiguredBackends)["session_interface"]
        for kind in type(self).__mro__:
            if "session_interface" in vars(kind):
                usual = vars(kind)["session_interface"] is default
                return usual and self.config["SESSION_BACKEND"] is None
        return False

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
        from .choosing import json_choice

        return provider_for(self, json_choice(name))

    @property
    def templates(self) -> TemplateBackend:
        """The template engine: as given, or the one `TEMPLATE_ENGINE` names, or else Jinja.

        An engine, or a class or function that makes one for the application, may be assigned.
        """
        if self._templates is not None:
            return self._templates
        from .choosing import made_engine, templates_of  # only for who has templates

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
