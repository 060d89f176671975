"""Finding the backends that a configuration names, and checking those a program gives.

Apart from `configured.py`, for the applications that do neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ..backends import MissingLibrary, UnknownBackend
from ..config import ConfigError

if TYPE_CHECKING:
    from ..json.named import JSONChoice
    from ..sessions.contract import AnySessionBackend
    from ..templating.contract import TemplateBackend


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


def json_choice(name: str) -> JSONChoice:
    """The JSON backend that the configuration names.

    :raises ConfigError: no backend has the name, or its library is not installed.
    """
    from ..json.named import JSON_BACKENDS

    try:
        return JSON_BACKENDS.find(name)
    except (UnknownBackend, MissingLibrary, TypeError) as error:
        raise ConfigError(str(error)) from error


def templates_of(app: ConfiguredApp, name: str) -> TemplateBackend:
    """The template engine that the configuration names, made for an application.

    :raises ConfigError: no engine has the name, or its library is not installed.
    """
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
