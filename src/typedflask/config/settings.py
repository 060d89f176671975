"""The configuration keys that Flask documents, and those of the backends, one frozen row each.

A row knows its key, the value when nobody sets it, how a raw value is read and what it wants, so
that one table gives the defaults, the checks, the error messages, the types of `Config.of` and
the page of the manual. Applications declare rows of their own in the same way::

    PAGE_SIZE: Final = Setting("PAGE_SIZE", 20, read_count, wants="an int of one or more")

    app.config.of(PAGE_SIZE)  # an int
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from typedflask.config.readers import (
    A_COUNT,
    A_FLAG,
    A_KEY,
    A_LIFETIME,
    A_SAME_SITE,
    A_TEXT,
    AN_OUTAGE,
    SOME_HOSTS,
    SOME_KEYS,
    SOME_SECONDS,
    Hosts,
    Outage,
    SameSite,
    SecretKeys,
    optional,
    or_none,
    read_count,
    read_flag,
    read_hosts,
    read_key,
    read_keys,
    read_lifetime,
    read_outage,
    read_same_site,
    read_seconds,
    read_text,
)
from typedflask.config.setting import Setting as Setting

# --- how errors and debugging behave --------------------------------------------------------

DEBUG: Final = Setting(
    "DEBUG", False, read_flag, A_FLAG, "Shows the debugger for errors and reloads changed code."
)
TESTING: Final = Setting(
    "TESTING", False, read_flag, A_FLAG, "Lets errors reach the test instead of an error page."
)
PROPAGATE_EXCEPTIONS: Final = Setting(
    "PROPAGATE_EXCEPTIONS",
    None,
    optional(read_flag),
    or_none(A_FLAG),
    "Whether errors nobody handles leave the application; None: when testing or debugging.",
)
TRAP_HTTP_EXCEPTIONS: Final = Setting(
    "TRAP_HTTP_EXCEPTIONS",
    False,
    read_flag,
    A_FLAG,
    "Treats HTTP exceptions as errors instead of turning them into responses.",
)
TRAP_BAD_REQUEST_ERRORS: Final = Setting(
    "TRAP_BAD_REQUEST_ERRORS",
    None,
    optional(read_flag),
    or_none(A_FLAG),
    "Treats missing form fields and their like as errors; None: when debugging.",
)
EXPLAIN_TEMPLATE_LOADING: Final = Setting(
    "EXPLAIN_TEMPLATE_LOADING", False, read_flag, A_FLAG, "Logs where each template was looked for."
)
TEMPLATES_AUTO_RELOAD: Final = Setting(
    "TEMPLATES_AUTO_RELOAD",
    None,
    optional(read_flag),
    or_none(A_FLAG),
    "Whether changed templates are loaded again; None: when debugging.",
)

# --- secrets and sessions -------------------------------------------------------------------

SECRET_KEY: Final = Setting(
    "SECRET_KEY",
    None,
    optional(read_key),
    A_KEY,
    "Signs the session cookie; long, random, and known to nobody else.",
    secret=True,
)
SECRET_KEY_FALLBACKS: Final = Setting[SecretKeys | None](
    "SECRET_KEY_FALLBACKS",
    None,
    optional(read_keys),
    SOME_KEYS,
    "Older keys whose signatures are still accepted, the newest first.",
    secret=True,
)
PERMANENT_SESSION_LIFETIME: Final = Setting(
    "PERMANENT_SESSION_LIFETIME",
    timedelta(days=31),
    read_lifetime,
    A_LIFETIME,
    "How long a permanent session lasts.",
    as_given=True,
)
SESSION_REFRESH_EACH_REQUEST: Final = Setting(
    "SESSION_REFRESH_EACH_REQUEST",
    True,
    read_flag,
    A_FLAG,
    "Sends the cookie of a permanent session with every response, so that it does not expire.",
)
SESSION_COOKIE_NAME: Final = Setting(
    "SESSION_COOKIE_NAME", "session", read_text, A_TEXT, "The name of the session cookie."
)
SESSION_COOKIE_DOMAIN: Final = Setting(
    "SESSION_COOKIE_DOMAIN",
    None,
    optional(read_text),
    or_none(A_TEXT),
    "The domain that gets the session cookie; None: exactly the host that set it.",
)
SESSION_COOKIE_PATH: Final = Setting(
    "SESSION_COOKIE_PATH",
    None,
    optional(read_text),
    or_none(A_TEXT),
    "The path below which the session cookie is sent; None: APPLICATION_ROOT.",
)
SESSION_COOKIE_HTTPONLY: Final = Setting(
    "SESSION_COOKIE_HTTPONLY", True, read_flag, A_FLAG, "Hides the session cookie from JavaScript."
)
SESSION_COOKIE_SECURE: Final = Setting(
    "SESSION_COOKIE_SECURE", False, read_flag, A_FLAG, "Sends the session cookie over HTTPS only."
)
SESSION_COOKIE_PARTITIONED: Final = Setting(
    "SESSION_COOKIE_PARTITIONED",
    False,
    read_flag,
    A_FLAG,
    "Gives the session cookie its own jar in each site it is embedded in; implies HTTPS only.",
)
SESSION_COOKIE_SAMESITE: Final = Setting[SameSite | None](
    "SESSION_COOKIE_SAMESITE",
    None,
    optional(read_same_site),
    A_SAME_SITE,
    "Whether the session cookie travels with requests from other sites; None: not stated.",
)
MAX_COOKIE_SIZE: Final = Setting(
    "MAX_COOKIE_SIZE",
    4093,
    read_count,
    A_COUNT,
    "Bytes of a cookie header above which a warning is logged; 0: never.",
)

# --- backends, and sessions on the server ---------------------------------------------------

JSON_BACKEND: Final = Setting(
    "JSON_BACKEND",
    None,
    optional(read_text),
    or_none(A_TEXT),
    "The name of what writes and reads JSON; None: the class's `json_provider_class`.",
)
TEMPLATE_ENGINE: Final = Setting(
    "TEMPLATE_ENGINE",
    None,
    optional(read_text),
    or_none(A_TEXT),
    "The name of the template engine; None: Jinja.",
)
SESSION_BACKEND: Final = Setting(
    "SESSION_BACKEND",
    None,
    optional(read_text),
    or_none(A_TEXT),
    "The name of what keeps sessions; None: a signed cookie.",
)
SESSION_STORE: Final = Setting(
    "SESSION_STORE",
    None,
    optional(read_text),
    or_none(A_TEXT),
    "Where sessions on the server are kept: a URL or a folder, as the backend has it.",
    secret=True,  # a URL may hold a password
)
SESSION_STORE_PREFIX: Final = Setting(
    "SESSION_STORE_PREFIX",
    "session:",
    read_text,
    A_TEXT,
    "Sets an application's sessions apart from whatever else is kept in the same store.",
)
SESSION_ABSOLUTE_LIFETIME: Final = Setting(
    "SESSION_ABSOLUTE_LIFETIME",
    None,
    optional(read_lifetime),
    or_none(A_LIFETIME),
    "How long a session on the server lasts however often it is used; None: no limit.",
    as_given=True,
)
SESSION_LOCKING: Final = Setting(
    "SESSION_LOCKING",
    False,
    read_flag,
    A_FLAG,
    "Lets one request at a time use a session on the server.",
)
SESSION_LOCK_WAIT: Final = Setting(
    "SESSION_LOCK_WAIT",
    10.0,
    read_seconds,
    SOME_SECONDS,
    "How long a request waits for another that uses the session, before it is answered with 503.",
)
SESSION_ENCRYPT: Final = Setting(
    "SESSION_ENCRYPT",
    False,
    read_flag,
    A_FLAG,
    "Encrypts what the store keeps, with keys made from SECRET_KEY.",
)
SESSION_OUTAGE: Final = Setting[Outage](
    "SESSION_OUTAGE",
    "unavailable",
    read_outage,
    AN_OUTAGE,
    "While the store is away: 'unavailable' answers 503, 'read-only' shows an empty session.",
)

# --- hosts and addresses --------------------------------------------------------------------

SERVER_NAME: Final = Setting(
    "SERVER_NAME",
    None,
    optional(read_text),
    or_none(A_TEXT),
    "The host, and port if any, that addresses outside a request and subdomains are built on.",
)
APPLICATION_ROOT: Final = Setting(
    "APPLICATION_ROOT", "/", read_text, A_TEXT, "The path the application is mounted under."
)
PREFERRED_URL_SCHEME: Final = Setting(
    "PREFERRED_URL_SCHEME", "http", read_text, A_TEXT, "The scheme of addresses outside a request."
)
TRUSTED_HOSTS: Final = Setting[Hosts | None](
    "TRUSTED_HOSTS",
    None,
    optional(read_hosts),
    SOME_HOSTS,
    "The hosts a request may name, with a leading dot for subdomains; None: any.",
)
PROVIDE_AUTOMATIC_OPTIONS: Final = Setting(
    "PROVIDE_AUTOMATIC_OPTIONS", True, read_flag, A_FLAG, "Answers OPTIONS requests by itself."
)

# --- sizes and files ------------------------------------------------------------------------

MAX_CONTENT_LENGTH: Final = Setting(
    "MAX_CONTENT_LENGTH",
    None,
    optional(read_count),
    or_none(A_COUNT),
    "Bytes of a request body above which it is answered 413; None: no limit.",
)
MAX_FORM_MEMORY_SIZE: Final = Setting[int | None](
    "MAX_FORM_MEMORY_SIZE",
    500_000,
    optional(read_count),
    or_none(A_COUNT),
    "Bytes of a form field that is not a file above which it is answered 413; None: no limit.",
)
MAX_FORM_PARTS: Final = Setting[int | None](
    "MAX_FORM_PARTS",
    1_000,
    optional(read_count),
    or_none(A_COUNT),
    "Parts of a multipart form above which it is answered 413; None: no limit.",
)
SEND_FILE_MAX_AGE_DEFAULT: Final = Setting(
    "SEND_FILE_MAX_AGE_DEFAULT",
    None,
    optional(read_lifetime),
    or_none(A_LIFETIME),
    "How long browsers may keep a file without asking; None: they ask every time.",
    as_given=True,
)
USE_X_SENDFILE: Final = Setting(
    "USE_X_SENDFILE", False, read_flag, A_FLAG, "Lets the web server in front send files."
)

# --- kept from Flask's earlier documents ----------------------------------------------------

LOGGER_NAME: Final = Setting(
    "LOGGER_NAME",
    None,
    optional(read_text),
    or_none(A_TEXT),
    "From Flask's earlier documents: the name of the logger; None: the application's name.",
)
PRESERVE_CONTEXT_ON_EXCEPTION: Final = Setting(
    "PRESERVE_CONTEXT_ON_EXCEPTION",
    None,
    optional(read_flag),
    or_none(A_FLAG),
    "From Flask's earlier documents: whether an error keeps its context for a debugger.",
)

ROWS: Final[tuple[Setting[object], ...]] = (
    DEBUG,
    TESTING,
    PROPAGATE_EXCEPTIONS,
    TRAP_HTTP_EXCEPTIONS,
    TRAP_BAD_REQUEST_ERRORS,
    EXPLAIN_TEMPLATE_LOADING,
    TEMPLATES_AUTO_RELOAD,
    SECRET_KEY,
    SECRET_KEY_FALLBACKS,
    PERMANENT_SESSION_LIFETIME,
    SESSION_REFRESH_EACH_REQUEST,
    SESSION_COOKIE_NAME,
    SESSION_COOKIE_DOMAIN,
    SESSION_COOKIE_PATH,
    SESSION_COOKIE_HTTPONLY,
    SESSION_COOKIE_SECURE,
    SESSION_COOKIE_PARTITIONED,
    SESSION_COOKIE_SAMESITE,
    MAX_COOKIE_SIZE,
    JSON_BACKEND,
    TEMPLATE_ENGINE,
    SESSION_BACKEND,
    SESSION_STORE,
    SESSION_STORE_PREFIX,
    SESSION_ABSOLUTE_LIFETIME,
    SESSION_LOCKING,
    SESSION_LOCK_WAIT,
    SESSION_ENCRYPT,
    SESSION_OUTAGE,
    SERVER_NAME,
    APPLICATION_ROOT,
    PREFERRED_URL_SCHEME,
    TRUSTED_HOSTS,
    PROVIDE_AUTOMATIC_OPTIONS,
    MAX_CONTENT_LENGTH,
    MAX_FORM_MEMORY_SIZE,
    MAX_FORM_PARTS,
    SEND_FILE_MAX_AGE_DEFAULT,
    USE_X_SENDFILE,
    LOGGER_NAME,
    PRESERVE_CONTEXT_ON_EXCEPTION,
)

# Plain dicts behind a read-only type: a proxy would make each look and each copy slower.
SETTINGS: Final[Mapping[str, Setting[object]]] = {row.name: row for row in ROWS}
"""Every built-in row by its key."""

# Any: the values of the keys have nothing in common.
DEFAULTS: Final[Mapping[str, Any]] = {row.name: row.default for row in ROWS}
"""What a new application's configuration holds."""


def describe_settings(rows: Iterable[Setting[object]] = ROWS) -> str:
    """The rows as a Markdown table, for the manual."""
    lines = ["| key | default | wants | |", "| --- | --- | --- | --- |"]
    lines += [f"| `{row.name}` | `{row.default!r}` | {row.wants} | {row.about} |" for row in rows]
    return "\n".join(lines) + "\n"
