"""What type checkers know about the built-in keys: `config["DEBUG"]` is a bool, and so on.

When the program runs, a configuration is a `dict` of no further class, so that reading stays as fast
as reading a dict, and this module is not imported. The rows of `settings.py` say the same at run time; a test compares the two.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from typedflask.config.readers import Hosts, Outage, SameSite, SecretKeys
from typedflask.newer_typing import TypeVar

FlagKey: TypeAlias = Literal[
    "DEBUG",
    "TESTING",
    "TRAP_HTTP_EXCEPTIONS",
    "EXPLAIN_TEMPLATE_LOADING",
    "SESSION_REFRESH_EACH_REQUEST",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_PARTITIONED",
    "SESSION_LOCKING",
    "SESSION_ENCRYPT",
    "PROVIDE_AUTOMATIC_OPTIONS",
    "USE_X_SENDFILE",
]
OptionalFlagKey: TypeAlias = Literal[
    "PROPAGATE_EXCEPTIONS",
    "TRAP_BAD_REQUEST_ERRORS",
    "TEMPLATES_AUTO_RELOAD",
    "PRESERVE_CONTEXT_ON_EXCEPTION",
]
TextKey: TypeAlias = Literal[
    "SESSION_COOKIE_NAME", "SESSION_STORE_PREFIX", "APPLICATION_ROOT", "PREFERRED_URL_SCHEME"
]
OptionalTextKey: TypeAlias = Literal[
    "JSON_BACKEND",
    "TEMPLATE_ENGINE",
    "SESSION_BACKEND",
    "SESSION_STORE",
    "SESSION_COOKIE_DOMAIN",
    "SESSION_COOKIE_PATH",
    "SERVER_NAME",
    "LOGGER_NAME",
]
CountKey: TypeAlias = Literal["MAX_COOKIE_SIZE"]
OptionalCountKey: TypeAlias = Literal[
    "MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS"
]
LifetimeKey: TypeAlias = Literal["PERMANENT_SESSION_LIFETIME"]
OptionalLifetimeKey: TypeAlias = Literal["SEND_FILE_MAX_AGE_DEFAULT", "SESSION_ABSOLUTE_LIFETIME"]
SecondsKey: TypeAlias = Literal["SESSION_LOCK_WAIT"]
OutageKey: TypeAlias = Literal["SESSION_OUTAGE"]
SecretKey: TypeAlias = Literal["SECRET_KEY"]
SecretKeysKey: TypeAlias = Literal["SECRET_KEY_FALLBACKS"]
HostsKey: TypeAlias = Literal["TRUSTED_HOSTS"]
SameSiteKey: TypeAlias = Literal["SESSION_COOKIE_SAMESITE"]

D = TypeVar("D", default=None)

if TYPE_CHECKING:
    # Any: applications keep values of any type under keys of their own.
    class TypedKeys(dict[str, Any]):
        """A dict whose built-in keys are read and written with their own types."""

        @overload
        def __getitem__(self, key: FlagKey, /) -> bool: ...
        @overload
        def __getitem__(self, key: OptionalFlagKey, /) -> bool | None: ...
        @overload
        def __getitem__(self, key: TextKey, /) -> str: ...
        @overload
        def __getitem__(self, key: OptionalTextKey, /) -> str | None: ...
        @overload
        def __getitem__(self, key: CountKey, /) -> int: ...
        @overload
        def __getitem__(self, key: OptionalCountKey, /) -> int | None: ...
        @overload
        def __getitem__(self, key: LifetimeKey, /) -> timedelta | int: ...
        @overload
        def __getitem__(self, key: OptionalLifetimeKey, /) -> timedelta | int | None: ...
        @overload
        def __getitem__(self, key: SecondsKey, /) -> float: ...
        @overload
        def __getitem__(self, key: OutageKey, /) -> Outage: ...
        @overload
        def __getitem__(self, key: SecretKey, /) -> str | bytes | None: ...
        @overload
        def __getitem__(self, key: SecretKeysKey, /) -> SecretKeys | None: ...
        @overload
        def __getitem__(self, key: HostsKey, /) -> Hosts | None: ...
        @overload
        def __getitem__(self, key: SameSiteKey, /) -> SameSite | None: ...
        @overload
        def __getitem__(self, key: str, /) -> Any: ...
        def __getitem__(self, key: str, /) -> Any: ...

        @overload
        def __setitem__(self, key: FlagKey, value: bool, /) -> None: ...
        @overload
        def __setitem__(self, key: OptionalFlagKey, value: bool | None, /) -> None: ...
        @overload
        def __setitem__(self, key: TextKey, value: str, /) -> None: ...
        @overload
        def __setitem__(self, key: OptionalTextKey, value: str | None, /) -> None: ...
        @overload
        def __setitem__(self, key: CountKey, value: int, /) -> None: ...
        @overload
        def __setitem__(self, key: OptionalCountKey, value: int | None, /) -> None: ...
        @overload
        def __setitem__(self, key: LifetimeKey, value: timedelta | int, /) -> None: ...
        @overload
        def __setitem__(
            self, key: OptionalLifetimeKey, value: timedelta | int | None, /
        ) -> None: ...
        @overload
        def __setitem__(self, key: SecretKey, value: str | bytes | None, /) -> None: ...
        @overload
        def __setitem__(self, key: SecretKeysKey, value: SecretKeys | None, /) -> None: ...
        @overload
        def __setitem__(self, key: HostsKey, value: Hosts | None, /) -> None: ...
        @overload
        def __setitem__(self, key: SameSiteKey, value: SameSite | None, /) -> None: ...
        @overload
        def __setitem__(self, key: str, value: Any, /) -> None: ...
        def __setitem__(self, key: str, value: Any, /) -> None: ...

        @overload
        def get(self, key: FlagKey, default: D = ..., /) -> bool | D: ...
        @overload
        def get(self, key: OptionalFlagKey, default: D = ..., /) -> bool | D | None: ...
        @overload
        def get(self, key: TextKey, default: D = ..., /) -> str | D: ...
        @overload
        def get(self, key: OptionalTextKey, default: D = ..., /) -> str | D | None: ...
        @overload
        def get(self, key: CountKey, default: D = ..., /) -> int | D: ...
        @overload
        def get(self, key: OptionalCountKey, default: D = ..., /) -> int | D | None: ...
        @overload
        def get(self, key: LifetimeKey, default: D = ..., /) -> timedelta | int | D: ...
        @overload
        def get(
            self, key: OptionalLifetimeKey, default: D = ..., /
        ) -> timedelta | int | D | None: ...
        @overload
        def get(self, key: SecondsKey, default: D = ..., /) -> float | D: ...
        @overload
        def get(self, key: OutageKey, default: D = ..., /) -> Outage | D: ...
        @overload
        def get(self, key: SecretKey, default: D = ..., /) -> str | bytes | D | None: ...
        @overload
        def get(self, key: SecretKeysKey, default: D = ..., /) -> SecretKeys | D | None: ...
        @overload
        def get(self, key: HostsKey, default: D = ..., /) -> Hosts | D | None: ...
        @overload
        def get(self, key: SameSiteKey, default: D = ..., /) -> SameSite | D | None: ...
        @overload
        def get(self, key: str, default: D = ..., /) -> Any | D: ...
        # pyright sees an incompatible override in any overloaded `get` of a dict, even in a copy
        # of the overloads that dict has.
        def get(  # pyright: ignore[reportIncompatibleMethodOverride]
            self, key: str, default: Any = None, /
        ) -> Any: ...
