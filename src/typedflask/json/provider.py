"""`app.json`: the providers of Flask's documentation, and one made from any other backend.

A provider belongs to one application and refers to it weakly, so that the two can be forgotten
together without waiting for the garbage collector.
"""

from __future__ import annotations

import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import IO, Any, AnyStr, Final

from werkzeug.wrappers import Response as BaseResponse

from typedflask.json.contract import JSONApp, JSONBackend
from typedflask.json.decode import check_utf8, read_json, read_sent_json, standard_value
from typedflask.json.encode import default_json, default_text, iso_json, standard_text
from typedflask.json.quick import QuickWriter, Style, fast_json
from typedflask.newer_typing import TypeIs

# Any, in all of this module: which values a provider can write, what reading gives and which
# options there are is decided by each provider and by the application that replaces it.

_NO_SPACES: Final[Mapping[str, Any]] = {"separators": (",", ":")}


class JSONProvider(ABC):
    """Writes and reads the JSON of one application; the base class for providers of one's own.

    A subclass defines `dumps` and `loads`; the rest follows from these. To use it, set
    `json_provider_class` on a subclass of the application, or assign an instance to `app.json`.
    From Flask's documentation on JSON support.

    :param app: the application; only a weak reference to it is kept.
    """

    ensure_ascii: bool = True
    """Write every character beyond ASCII as an escape. Whether to heed it is up to `dumps`."""

    sort_keys: bool = True
    """Write the keys of objects in order, so that equal values give equal text."""

    compact: bool | None = None
    """Send responses without white space; None: unless the application is in debug mode."""

    mimetype: str = "application/json"
    """The media type of responses."""

    def __init__(self, app: JSONApp) -> None:
        self._app_reference = weakref.ref(app)

    @property
    def _app(self) -> JSONApp:
        app = self._app_reference()
        if app is None:
            raise RuntimeError(
                f"the application of this {type(self).__name__} no longer exists; keep a "
                "reference to the application for as long as its provider is used"
            )
        return app

    @abstractmethod
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write a value as JSON text.

        :param obj: the value.
        :param kwargs: options of the library behind this provider.
        :raises TypeError: the value, or something in it, cannot be written.
        """

    def dump(self, obj: Any, fp: IO[str], **kwargs: Any) -> None:
        """Write a value as JSON text into an open text file.

        :param obj: the value.
        :param fp: the file; should it encode, then as UTF-8 to be valid JSON.
        :param kwargs: options for `dumps`.
        """
        fp.write(self.dumps(obj, **kwargs))

    @abstractmethod
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON text.

        :param s: the text, or its bytes.
        :param kwargs: options of the library behind this provider.
        :raises ValueError: the text is not JSON.
        """

    def loads_sent(self, data: bytes, /) -> Any:
        """Read the JSON that a client sent: as `loads` does, but only in UTF-8.

        Files may hold JSON in other encodings, and `loads` may read them (RFC 8259, section 8.1).

        :param data: the body of a request.
        :raises ValueError: it is not JSON, not UTF-8, or nested too deeply.
        """
        check_utf8(data)
        try:
            return self.loads(data)
        except RecursionError as error:
            raise ValueError("The JSON document is nested too deeply.") from error

    def load(self, fp: IO[AnyStr], **kwargs: Any) -> Any:
        """Read JSON text from an open file.

        :param fp: a text or binary file.
        :param kwargs: options for `loads`.
        :raises ValueError: the file's content is not JSON.
        """
        return self.loads(fp.read(), **kwargs)

    # The name is private, yet providers in the wild call it from their own `response`.
    def _prepare_response_obj(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The one value that the arguments of `response` stand for."""
        if not kwargs:
            if len(args) == 1:
                return args[0]
            return args or None
        if args:
            raise TypeError(
                "a JSON response is made from positional arguments or from keywords, not from "
                f"both; got {len(args)} positional and the keywords {', '.join(kwargs)}"
            )
        return kwargs

    def quick_body(self, value: Any, /) -> bytes | None:
        """The body of `response(value)`, for who makes the response himself and soon.

        :param value: what a view returned.
        :returns: JSON in UTF-8, to be sent as `application/json` with nothing else to it; None:
            only `response` can say what is sent.
        """
        return None

    def response(self, *args: Any, **kwargs: Any) -> BaseResponse:
        """Make a response whose body is JSON; this is what `jsonify` calls.

        One positional argument is sent as it is, several as a list, keywords as an object, and
        nothing at all as null.

        :raises TypeError: there are both positional arguments and keywords, or the value cannot be
            written.
        """
        text = self.dumps(self._prepare_response_obj(args, kwargs))
        return self._app.response_class(text, mimetype=self.mimetype)


SETTINGS: Final = ("default", "sort_keys", "ensure_ascii", "compact", "mimetype")
"""The attributes that say how a `DefaultJSONProvider` writes."""


class Settings:
    """The attributes of a provider, read once, and again after one was set on it.

    Reading them for each response would take as long as writing a small one.

    :param provider: whose they are; replaced methods are attributes, too.
    """

    __slots__ = (
        "body",
        "compact",
        "mimetype",
        "reads_sent",
        "sends_bodies",
        "text",
        "write",
        "writes_bodies",
    )

    def __init__(self, provider: DefaultJSONProvider) -> None:
        self.text: Style = Style(
            provider.default, sort_keys=provider.sort_keys, ensure_ascii=provider.ensure_ascii
        )
        """How `dumps` writes without white space."""
        self.body: Style = self.text.with_newline()
        """How a body is written: the same, and a line feed."""
        self.compact: bool | None = provider.compact
        self.mimetype: str = provider.mimetype
        write, read = provider.quick_ways()
        self.write: QuickWriter = write
        self.writes_bodies: bool = not is_replaced(provider, "dumps")
        """Bodies may be written by `write`; else `dumps` was replaced, which means them, too."""
        self.sends_bodies: bool = (
            self.writes_bodies
            and not is_replaced(provider, "response", "_prepare_response_obj")
            and self.mimetype == JSONProvider.mimetype
        )
        """And nothing else is done for a response than sending that body as `application/json`."""
        self.reads_sent: bool = read is read_json and not is_replaced(provider, "loads")
        """What clients send may be read by `read_sent_json`; else `loads` was replaced."""


def is_replaced(provider: DefaultJSONProvider, *names: str) -> bool:
    """Whether a method is not the one defined below: in a subclass, or on the object."""
    kind, own = type(provider), vars(provider)
    return any(
        name in own or getattr(kind, name) is not getattr(DefaultJSONProvider, name)
        for name in names
    )


def is_worked_out(kind: type[object], name: str) -> bool:
    """Whether reading an attribute of an object calls something, which may answer otherwise soon."""
    held: object = next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)
    # A function or static method is what `default` itself mostly is.
    return isinstance(held, property) or (name != "default" and hasattr(type(held), "__get__"))


class DefaultJSONProvider(JSONProvider):
    """The provider an application has unless told otherwise: the standard library's JSON and more.

    It also writes dates, datetimes, `Decimal`, `UUID`, dataclasses, enums and whatever has an
    `__html__` method; `default_json` says how. The text is the one of Flask's default provider,
    white space included, except that floats may spell their exponent as `1e16` instead of
    `1e+16`. orjson does the work wherever it writes the same JSON value.
    """

    default: Callable[[Any], Any] = staticmethod(default_json)
    """Turns a value `json` does not know into one it does, or raises `TypeError`.

    `iso_json` is another one, for ISO dates. A replacement of one's own may call
    `DefaultJSONProvider.default` for the types it leaves alone. Every value is then written by the
    standard library: orjson would not ask for enums and UUIDs.
    """

    # What makes a backend of this package, besides its name: see json/orjson.py for another.
    _write_quickly: QuickWriter = staticmethod(fast_json)
    _read: Callable[[str | bytes], Any] = staticmethod(read_json)
    _spaced: bool = True
    """`dumps` without options puts a space after each comma and colon."""
    _settled: Settings | None = None

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        vars(self).pop("_settled", None)

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        vars(self).pop("_settled", None)

    def _settle(self) -> Settings:
        """Read the settings; they are kept, unless this class works one out each time."""
        settings = Settings(self)
        if not any(is_worked_out(type(self), name) for name in SETTINGS):
            vars(self)["_settled"] = settings
        return settings

    def quick_ways(self) -> tuple[QuickWriter, Callable[[str | bytes], Any]]:
        """What this backend writes and reads with."""
        return self._write_quickly, self._read

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write a value as JSON text on one line, with a space after each comma and colon.

        :param obj: the value.
        :param kwargs: options of `json.dumps`; they win over the attributes of this provider.
        :raises TypeError: something in the value cannot be written, or its keys not be sorted.
        :raises ValueError: the value contains itself or is nested too deeply.
        """
        if kwargs == _NO_SPACES or not (kwargs or self._spaced):
            settings = self._settled or self._settle()
            text = settings.write(obj, settings.text)
            if text is not None:
                return text.decode()
            kwargs = dict(_NO_SPACES)
        elif not kwargs and (self.default is default_json or self.default is iso_json):
            return default_text(
                obj,
                default=self.default,
                sort_keys=self.sort_keys,
                ensure_ascii=self.ensure_ascii,
            )
        own = {
            "default": self.default,
            "ensure_ascii": self.ensure_ascii,
            "sort_keys": self.sort_keys,
        }
        return standard_text(obj, own | kwargs)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON text as the standard library does.

        :param s: text, or bytes in UTF-8, UTF-16 or UTF-32.
        :param kwargs: options of `json.loads`.
        :raises ValueError: the text is not JSON, not decodable, or nested too deeply.
        """
        return standard_value(s, kwargs) if kwargs else self._read(s)

    def loads_sent(self, data: bytes, /) -> Any:
        """As `JSONProvider.loads_sent`, in one step where `loads` is this class's."""
        settings = self._settled or self._settle()
        return read_sent_json(data) if settings.reads_sent else super().loads_sent(data)

    def quick_body(self, value: Any, /) -> bytes | None:
        """As `JSONProvider.quick_body`: where this class makes responses, and lays none out."""
        settings = self._settled or self._settle()
        compact = settings.compact
        if compact is None:
            compact = not (self._app_reference() or self._app).debug
        return settings.write(value, settings.body) if compact and settings.sends_bodies else None

    def response(self, *args: Any, **kwargs: Any) -> BaseResponse:
        """Make a response whose body is one JSON value and a line feed.

        Arguments are those of `JSONProvider.response`. In debug mode, unless `compact` says
        otherwise, the text is indented by two spaces.

        :raises TypeError: there are both positional arguments and keywords, or the value cannot be
            written.
        """
        settings = self._settled or self._settle()
        value = (
            args[0] if len(args) == 1 and not kwargs else self._prepare_response_obj(args, kwargs)
        )
        app = self._app_reference() or self._app
        body: str | bytes | None = None
        compact = settings.compact
        if not (not app.debug if compact is None else compact):
            body = self.dumps(value, indent=2) + "\n"
        elif settings.writes_bodies:
            body = settings.write(value, settings.body)
        if body is None:
            body = self.dumps(value, **_NO_SPACES) + "\n"
        return app.response_class(body, mimetype=settings.mimetype)


class ProviderOf(JSONProvider):
    """A provider made from any other JSON backend, such as the module `json`.

    What is written, and how, is up to the backend; a response ends in a line feed as always.

    :param app: the application.
    :param backend: writes and reads.
    """

    def __init__(self, app: JSONApp, backend: JSONBackend) -> None:
        super().__init__(app)
        self.backend = backend
        # The contract has no options; those a caller names are the backend's to take or refuse.
        self._dumps: Callable[..., object] = backend.dumps
        self._loads: Callable[..., Any] = backend.loads

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write a value as the backend does; `kwargs` are the backend's options.

        :raises TypeError: the backend refuses the value or an option, or gives no text.
        """
        text = self._dumps(obj, **kwargs)
        if not isinstance(text, str):
            raise TypeError(
                f"{self._name}.dumps() returned {type(text).__name__}, but JSON text is a str; "
                "decode it in the backend"
            )
        return text

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON text as the backend does; `kwargs` are the backend's options.

        :raises ValueError: the text is not JSON.
        """
        return self._loads(s, **kwargs)

    def response(self, *args: Any, **kwargs: Any) -> BaseResponse:
        """Make a response of what the backend writes; arguments as in `JSONProvider.response`."""
        text = self.dumps(self._prepare_response_obj(args, kwargs))
        return self._app.response_class(text + "\n", mimetype=self.mimetype)

    @property
    def _name(self) -> str:
        """The backend, as messages call it: a module's name or a class's."""
        return str(getattr(self.backend, "__name__", type(self.backend).__name__))


def is_provider_class(value: object) -> TypeIs[type[JSONProvider]]:
    """A class of providers, of which each application makes its own object."""
    return isinstance(value, type) and issubclass(value, JSONProvider)


def provider_for(app: JSONApp, backend: JSONBackend | type[JSONProvider]) -> JSONProvider:
    """The provider to keep when `backend` is assigned to `app.json`.

    :param app: the application.
    :param backend: a provider, which is kept as it is; a class of providers, of which one is made;
        or any other JSON backend.
    :raises TypeError: it is none of these; another class instead of an object is the usual mistake.
    """
    if is_provider_class(backend):
        return backend(app)
    if isinstance(backend, JSONProvider):
        return backend
    missing = [name for name in ("dumps", "loads") if not callable(getattr(backend, name, None))]
    if isinstance(backend, type):
        raise TypeError(
            f"app.json wants an object that writes and reads JSON and got the class "
            f"{backend.__name__}; make an object of it first"
        )
    if missing:
        hint = ". A name is for the configuration: JSON_BACKEND" if isinstance(backend, str) else ""
        raise TypeError(
            f"app.json wants an object that writes and reads JSON; {type(backend).__name__} has "
            f"no {' and no '.join(missing)}{hint}"
        )
    return ProviderOf(app, backend)
