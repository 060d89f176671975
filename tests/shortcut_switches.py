"""How shortcuts are switched off: by putting something else in a place of the package.

Besides `put` and `forgetful`, which most rows of `shortcuts.py` use, here are the general ways that
have to be put together, because nothing in the package or below it is ready to be put there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any

import pytest
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Request as BaseRequest

import typedflask.signals
from typedflask import Request
from typedflask.ctx import RequestContext
from typedflask.responses.headers import headers_of
from typedflask.sessions.signing import key_ring

# Any, in all of this module: what is put in a place of the package is whatever belongs there.


Off = Callable[[], AbstractContextManager[None]]


def found(place: str) -> tuple[Any, str]:
    """The module or class that holds a place, and the name it has there."""
    parts = place.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            holder: Any = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:-1]:
            holder = getattr(holder, name)
        return holder, parts[-1]
    raise LookupError(place)


def value_at(place: str) -> Any:
    """What stands in a place, as its class or module keeps it."""
    holder, name = found(place)
    for kind in getattr(holder, "__mro__", (holder,)):
        if name in vars(kind):
            return vars(kind)[name]
    raise LookupError(place)


def put(*places: tuple[str, Any]) -> Off:
    """Put something else in places of the package; a place there is not is an error."""

    @contextmanager
    def off() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for place, value in places:
                holder, name = found(place)
                patch.setattr(holder, name, value)
            yield

    return off


def classes_that_do_not(place: str, *also: tuple[str, Any]) -> Off:
    """Let no class say that it has nothing of its own, neither the one that is named nor a derived one.

    :param place: an attribute that `__init_subclass__` works out for each class.
    :param also: what else to put somewhere, as `put` does.
    """

    @contextmanager
    def off() -> Iterator[None]:
        base, name = found(place)
        begin = vars(base)["__init_subclass__"].__func__

        def beginning(cls: Any, /, **kwargs: Any) -> None:
            begin(cls, **kwargs)
            setattr(cls, name, False)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(base, "__init_subclass__", classmethod(beginning))
            for kind in (base, *derived(base)):
                patch.setattr(kind, name, False)
            with put(*also)():
                yield

    return off


def derived(kind: type[Any]) -> Iterator[type[Any]]:
    """Every class that is derived from one."""
    for each in kind.__subclasses__():
        yield each
        yield from derived(each)


def forgetful(place: str) -> Off:
    """Ask a function anew each time whose results are otherwise remembered, wherever it is known."""

    @contextmanager
    def off() -> Iterator[None]:
        memo = value_at(place)
        with pytest.MonkeyPatch.context() as patch:
            for name, module in list(sys.modules.items()):
                if name == "typedflask" or name.startswith("typedflask."):
                    for known, value in list(vars(module).items()):
                        if value is memo:
                            patch.setattr(module, known, memo.__wrapped__)
            yield

    return off


def never(*args: Any, **kwargs: Any) -> None:
    """A shortcut that knows nothing."""


def no(*args: Any, **kwargs: Any) -> bool:
    """A condition that is never met."""
    return False


def yes(*args: Any, **kwargs: Any) -> bool:
    """A condition that is always met."""
    return True


def always(value: Any) -> property:
    """An attribute that has the value whatever it is set to."""
    return property(lambda self: value, lambda self, given: None)


def headers_at_once(make: Callable[[Any], Any]) -> property:
    """The headers a response is made with, made into an object before anybody asks for them.

    :param make: makes the object.
    """

    def take(response: Any, pairs: Any) -> None:
        if pairs is not None:
            response.headers = make(pairs)

    return property(lambda response: None, take)


class ForgetfulDict(dict[Any, Any]):
    """A dictionary that keeps nothing."""

    def __setitem__(self, key: Any, value: Any) -> None:
        pass


class ForgetfulSet(set[Any]):
    """A set that keeps nothing."""

    def add(self, element: Any) -> None:
        pass


def empty_each_time() -> property:
    """A dictionary that keeps nothing."""
    return property(lambda self: {}, lambda self, given: None)


# --- the general ways that have to be put together ------------------------------------------


class DerivedContext(RequestContext[Any]):
    """Changes nothing; but shortcuts for the usual kind of context do not know this one."""


class DerivedRequest(Request):
    """Changes nothing; but where it stands for the usual kind of request, no request is of that kind."""


class EagerRequest(BaseRequest):
    """What Werkzeug's constructor works out."""


lazy_request = value_at("typedflask.requests.request.Request.__init__")


def eager_request(self: Any, environ: Any, *args: Any, **kwargs: Any) -> None:
    """Work everything out when the request is made, as Werkzeug's constructor does.

    A class that has its own idea of one of the parts keeps it.
    """
    lazy_request(self, environ, *args, **kwargs)
    parts = vars(EagerRequest(environ, populate_request=False))
    # Werkzeug's query string holds bytes that no URL does, which is mended.
    vars(self).update({name: part for name, part in parts.items() if name not in KEPT})


KEPT = {"environ", "shallow", "query_string"}


def in_order_by_the_book(walk: Any, hooks: Any, scopes: Any) -> list[Any]:
    """The functions of a stage, put together whether or not there are blueprints."""
    inside_out = walk is typedflask.stages.INSIDE_OUT
    found_in = [hooks.get(scope, ()) for scope in (*scopes, None)]
    if inside_out:
        return [function for functions in found_in for function in reversed(functions)]
    return [function for functions in reversed(found_in) for function in functions]


def list_of_its_own(pairs: Any) -> Any:
    """The headers of a response, which do not know that these were made for it."""
    return headers_of(pairs.copy())


def bind_by_environ(url_map: Any, environ: Any, name: str | None) -> Any:
    """An adapter as Werkzeug makes it of an environment."""
    return url_map.bind_to_environ(
        environ, server_name=name, subdomain=url_map.default_subdomain or ""
    )


def plain_serializer(
    secret_key: Any,
    fallbacks: Any,
    salt: Any,
    key_derivation: Any,
    digest_method: Any,
    serializer: Any,
) -> URLSafeTimedSerializer:
    """The serializer itsdangerous offers, made for each use."""
    return URLSafeTimedSerializer(
        list(key_ring(secret_key, fallbacks)),
        salt,
        serializer,
        signer_kwargs={"key_derivation": key_derivation, "digest_method": digest_method},
    )


def reread(serializer: Any, plain: bytes) -> Any:
    """What a serializer of sessions makes of text that it read before."""
    return serializer.loads(plain.decode())


@contextmanager
def signals_are_heard() -> Iterator[None]:
    """Let every signal have a receiver."""
    signals = [getattr(typedflask.signals, name) for name in typedflask.signals.__all__]

    def receive(sender: object, **values: object) -> None:
        pass

    heard = [signal for signal in signals if hasattr(signal, "receivers")]
    for signal in heard:
        signal.connect(receive)
    try:
        yield
    finally:
        for signal in heard:
            signal.disconnect(receive)


def without_only() -> AbstractContextManager[None]:
    """Look at every branch of the tree of rules, though there be one."""
    lead = value_at("typedflask.routing.branches.Node.lead")

    def leading(self: Any, *args: Any, **kwargs: Any) -> Any:
        node = lead(self, *args, **kwargs)
        self.only = None
        return node

    return put(("typedflask.routing.branches.Node.lead", leading))()


class Nothing(dict[Any, Any]):
    """A dictionary that keeps nothing."""

    def __setitem__(self, key: Any, value: Any) -> None:
        pass


class Blank(list[Any]):
    """A list that stays as it is."""

    def __setitem__(self, key: Any, value: Any) -> None:
        pass


class Nobody(set[Any]):
    """A set that keeps nothing."""

    def add(self, value: Any) -> None:
        pass


def without_settled() -> AbstractContextManager[None]:
    """Look up rules without variables in the tree each time."""
    make = value_at("typedflask.routing.endings.Known.__init__")

    def making(self: Any, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        self.settled = Nothing()

    return put(("typedflask.routing.endings.Known.__init__", making))()


@contextmanager
def hosts_read_each_time() -> Iterator[None]:
    """Read the name of the host in each request."""
    with (
        put(("typedflask.routing.rule_map.GOOD_HOSTS", Nobody()))(),
        forgetful("typedflask.wsgi.canonical_host")(),
    ):
        yield


@contextmanager
def all_tags_asked() -> Iterator[None]:
    """Ask every tag about every value of a session."""
    serializer = value_at("typedflask.sessions.cookie.session_json_serializer")

    def asking_all(self: Any) -> None:
        self._asked = tuple(self.order)
        self._rows = {}

    place = "typedflask.json.tag.TaggedJSONSerializer._sort_out"
    try:
        with put((place, asking_all))():
            serializer._sort_out()
            yield
    finally:
        serializer._sort_out()


@contextmanager
def general_proxies() -> Iterator[None]:
    """Let `request`, `session` and the others go through all of Werkzeug's machinery."""
    import typedflask.proxies as proxies

    # Werkzeug's `__iter__` loses errors, which is mended and not only made quicker.
    steps = {"__getattribute__", "__getattr__", "__setattr__", "__getitem__", "__setitem__"}
    names = ("current_app", "app_ctx", "g", "request_ctx", "request", "session")
    kinds = [type(getattr(proxies, name)) for name in names]
    with pytest.MonkeyPatch.context() as patch:
        for base in {base for kind in kinds for base in kind.__mro__ if proxies_own(base)}:
            for own in (steps | {"__contains__", "__bool__"}) & vars(base).keys():
                patch.delattr(base, own)
        yield


def proxies_own(kind: type[Any]) -> bool:
    """Whether a class of proxies is one of the package's."""
    return kind.__module__ == "typedflask.proxies"
