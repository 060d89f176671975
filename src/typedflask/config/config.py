"""The dict that applications know as `app.config`, with the ways to fill it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from typedflask.config.checked import CheckedDict

if TYPE_CHECKING:
    from datetime import timedelta

    from typedflask.config.formats import Load
    from typedflask.config.readers import Hosts, Outage, SameSite, SecretKeys
    from typedflask.config.sources import Findings, P, Source


# Any, here and below: applications keep values of any type under keys of their own.
class Config(CheckedDict):
    """An application's configuration: a dict with typed built-in keys and several ways to fill it.

    The methods are those of Flask's documentation, and two more: `from_dotenv` and `load`. Each
    adds to what there is and overwrites it key by key, so the last one wins. A built-in key that is set to a value it does
    not accept is refused at once, whichever way it is set; keys of the application's own take
    anything. A source with a wrong value is refused as a whole, so that nothing is half read.

    :param root_path: the folder that relative file names start from.
    :param defaults: the first values. They are trusted and not checked, because each application
        starts with the same ones.
    """

    def __init__(
        self, root_path: str | os.PathLike[str], defaults: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(defaults or {})
        self.root_path = root_path

    def from_envvar(self, variable_name: str, silent: bool = False) -> bool:
        """Fill from the Python file whose path is in an environment variable.

        :param variable_name: the variable.
        :param silent: pass over a variable that is not set, and over a missing file.
        :returns: whether a file was read.
        :raises VariableNotSet: the variable is not set; further errors as in `from_pyfile`.
        """
        from typedflask.config import sources

        path = sources.VARIABLE.find(variable_name, silent)
        return path is not None and self.from_pyfile(path, silent=silent)

    def from_prefixed_env(
        self, prefix: str = "FLASK", *, loads: Callable[[str], Any] = json.loads
    ) -> bool:
        """Fill from the environment variables that start with a prefix.

        The rest of a variable's name is the key. A double underscore goes into a dict:
        `FLASK_MAIL__PORT=25` sets `config["MAIL"]["PORT"]`, in a copy of the dict that was there.

        :param prefix: without the underscore that follows it.
        :param loads: reads a value; text it raises an error for is kept as text. For built-in keys
            that take text, text such as `12345` stays text.
        :returns: True.
        :raises ConfigError: a built-in key got a wrong value, or `A__B` was given and `A` is not a
            dict; the message names the variable.
        """
        from typedflask.config import sources

        self._store(sources.ENVIRONMENT.find(prefix, loads, self))
        return True

    def from_pyfile(self, filename: str | os.PathLike[str], silent: bool = False) -> bool:
        """Run a Python file and take over the names in capitals.

        :param filename: absolute, or relative to `root_path`.
        :param silent: pass over a missing file.
        :returns: whether a file was read.
        :raises OSError: the file cannot be opened; the message has its full path.
        :raises ConfigError: a built-in key got a wrong value.
        """
        from typedflask.config import sources

        found = sources.PYTHON_FILE.find(self._full_path(filename), silent)
        if found is None:
            return False
        self._store(found)
        return True

    def from_object(self, obj: object | str) -> None:
        """Take over the attributes in capitals of an object, mostly a module or a class.

        :param obj: the object, or the dotted name to import it by.
        :raises ImportError: nothing can be imported by that name.
        :raises ConfigError: a built-in key got a wrong value, or the object is a dict.
        """
        from typedflask.config import sources

        self._store(sources.OBJECT.find(obj))

    def from_file(
        self,
        filename: str | os.PathLike[str],
        load: Load | None = None,
        silent: bool = False,
        text: bool = True,
    ) -> bool:
        """Read a data file and take over the keys in capitals at its top level.

        :param filename: absolute, or relative to `root_path`.
        :param load: reads the open file, as `json.load` does. Without it the suffix of the file
            decides, see `formats.FORMATS`.
        :param silent: pass over a missing file.
        :param text: whether `load` gets the file as text (UTF-8) or as bytes.
        :returns: whether a file was read.
        :raises OSError: the file cannot be opened; the message has its full path.
        :raises ConfigError: the file is malformed, or its suffix unknown, or a built-in key got a
            wrong value.
        """
        from typedflask.config import sources

        found = sources.FILE.find(self._full_path(filename), load, text, silent)
        if found is None:
            return False
        self._store(found)
        return True

    def from_dotenv(
        self,
        filename: str | os.PathLike[str] = ".env",
        prefix: str = "",
        *,
        loads: Callable[[str], Any] = json.loads,
        silent: bool = False,
    ) -> bool:
        """Fill from a `.env` file, which needs python-dotenv: `pip install "typedflask[dotenv]"`.

        An addition to Flask's methods. The environment of the process is neither changed nor
        asked first; to have it win, call `from_prefixed_env` afterwards. (The command line reads
        `.env` into the environment by itself.)

        :param filename: absolute, or relative to `root_path`.
        :param prefix: without the underscore that follows it: as for `from_prefixed_env`. Without
            one, every name in capitals is a key.
        :param loads: reads a value, as for `from_prefixed_env`.
        :param silent: pass over a missing file.
        :returns: whether a file was read.
        :raises OSError: the file cannot be opened; the message has its full path.
        :raises ConfigError: a line is malformed, or a built-in key got a wrong value.
        :raises MissingLibrary: python-dotenv is not installed.
        """
        from typedflask.config import sources

        found = sources.DOTENV.find(self._full_path(filename), prefix, loads, self, silent)
        if found is None:
            return False
        self._store(found)
        return True

    def load(self, source: Source[P, Findings], /, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Fill from a source of the application's own, such as a manager of secrets.

        An addition to Flask's methods (decision 012)::

            VAULT = Source("the vault", "the secrets of one path", read_vault)

            app.config.load(VAULT, "shop/production")

        :param source: its row; `find` is called with the other arguments. Of a mapping it returns
            the keys in capitals are taken over.
        :returns: whether there was something: False where `find` returned None.
        :raises ConfigError: a built-in key got a wrong value; the message names the source.
        :raises Exception: whatever `find` raises, with a note that names the source.
        """
        from typedflask.config.sources import in_mapping, is_mapping

        try:
            found = source.find(*args, **kwargs)
        except Exception as error:
            error.add_note(f"This happened while the configuration was read from {source.name}.")
            raise
        if found is None:
            return False
        self._store(in_mapping(found, source.name) if is_mapping(found) else found)
        return True

    if TYPE_CHECKING:

        def from_mapping(
            self,
            mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
            *,
            DEBUG: bool = ...,
            TESTING: bool = ...,
            PROPAGATE_EXCEPTIONS: bool | None = ...,
            TRAP_HTTP_EXCEPTIONS: bool = ...,
            TRAP_BAD_REQUEST_ERRORS: bool | None = ...,
            EXPLAIN_TEMPLATE_LOADING: bool = ...,
            TEMPLATES_AUTO_RELOAD: bool | None = ...,
            SECRET_KEY: str | bytes | None = ...,
            SECRET_KEY_FALLBACKS: SecretKeys | None = ...,
            PERMANENT_SESSION_LIFETIME: timedelta | int = ...,
            SESSION_REFRESH_EACH_REQUEST: bool = ...,
            SESSION_COOKIE_NAME: str = ...,
            SESSION_COOKIE_DOMAIN: str | None = ...,
            SESSION_COOKIE_PATH: str | None = ...,
            SESSION_COOKIE_HTTPONLY: bool = ...,
            SESSION_COOKIE_SECURE: bool = ...,
            SESSION_COOKIE_PARTITIONED: bool = ...,
            SESSION_COOKIE_SAMESITE: SameSite | None = ...,
            MAX_COOKIE_SIZE: int = ...,
            JSON_BACKEND: str | None = ...,
            TEMPLATE_ENGINE: str | None = ...,
            SESSION_BACKEND: str | None = ...,
            SESSION_STORE: str | None = ...,
            SESSION_STORE_PREFIX: str = ...,
            SESSION_ABSOLUTE_LIFETIME: timedelta | int | None = ...,
            SESSION_LOCKING: bool = ...,
            SESSION_LOCK_WAIT: float = ...,
            SESSION_ENCRYPT: bool = ...,
            SESSION_OUTAGE: Outage = ...,
            SERVER_NAME: str | None = ...,
            APPLICATION_ROOT: str = ...,
            PREFERRED_URL_SCHEME: str = ...,
            TRUSTED_HOSTS: Hosts | None = ...,
            PROVIDE_AUTOMATIC_OPTIONS: bool = ...,
            MAX_CONTENT_LENGTH: int | None = ...,
            MAX_FORM_MEMORY_SIZE: int | None = ...,
            MAX_FORM_PARTS: int | None = ...,
            SEND_FILE_MAX_AGE_DEFAULT: timedelta | int | None = ...,
            USE_X_SENDFILE: bool = ...,
            LOGGER_NAME: str | None = ...,
            PRESERVE_CONTEXT_ON_EXCEPTION: bool | None = ...,
            **kwargs: Any,
        ) -> bool: ...
    else:

        def from_mapping(self, mapping: Any = None, **kwargs: Any) -> bool:
            """Take over the keys in capitals of a mapping, then of the keyword arguments.

            :param mapping: the mapping, or its pairs of keys and values.
            :param kwargs: more keys, which win over the mapping's.
            :returns: True.
            :raises ConfigError: a built-in key got a wrong value.
            """
            return self._from_mappings(dict(mapping or {}), kwargs)

    def _from_mappings(self, *mappings: Mapping[str, Any]) -> bool:
        from typedflask.config.sources import in_mapping

        self._store([found for mapping in mappings for found in in_mapping(mapping)])
        return True

    def get_namespace(
        self, namespace: str, lowercase: bool = True, trim_namespace: bool = True
    ) -> dict[str, Any]:
        """The keys that start alike, as a dict; good for the keyword arguments of something else.

        With `IMAGE_STORE_TYPE` and `IMAGE_STORE_PATH` set, `get_namespace("IMAGE_STORE_")` has the
        keys `type` and `path`.

        :param namespace: how the keys start.
        :param lowercase: give the keys in lower case.
        :param trim_namespace: leave out what all of them start with.
        """
        begin = len(namespace) if trim_namespace else 0
        return {
            (key[begin:].lower() if lowercase else key[begin:]): value
            for key, value in self.items()
            if key.startswith(namespace)
        }

    def _full_path(self, filename: str | os.PathLike[str]) -> str:
        return os.path.abspath(os.path.join(self.root_path, filename))
