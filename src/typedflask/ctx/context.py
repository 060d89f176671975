"""The context: one object that holds what belongs to a request, and one variable that names it.

A context without a request is what commands and scripts work in; a request's context is the same
object with a request, so there is one variable to set and one object to make. What a request does
not touch is not made: the session, the URL adapter and `g` appear when they are first read.

A context is pushed to become the active one and popped to end. Something that outlives the call
(a stream, a test client's block) may hold it; then its teardown functions run when the last holder
lets go, once (decision 051).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import TracebackType
from typing import TYPE_CHECKING, Final, Generic, Self

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from ..newer_typing import TypeVar
from ..notices import appcontext_popped, appcontext_pushed
from ..requests import Request
from ..routing import find
from .namespace import OpenGlobals

if TYPE_CHECKING:
    from ..sessions import SessionMixin
    from ..typing import AfterRequestCallable
    from .contract import ContextApp


AppT = TypeVar("AppT", bound="ContextApp", default="ContextApp", covariant=True)


class _Unset:
    """The type of the marks for "not made yet" and "not given"."""


UNSET: Final = _Unset()

NONE_FAILED: Final[Sequence[BaseException]] = ()


class AppContext(Generic[AppT]):
    """What is active while an application works: its `g`, and a way to build URLs.

    Made by `Flask.app_context`; `with` pushes and pops it (Flask's documentation, "The Application
    Context").
    """

    __slots__ = (
        "__weakref__",
        "_around",
        "_ends_shortly",
        "_error",
        "_holders",
        "_owner",
        "_tokens",
        "app",
        "made_adapter",
        "made_g",
    )

    def __init__(self, app: AppT) -> None:
        self.app: AppT = app
        self.made_g: OpenGlobals | None = None
        """The namespace if anything has touched it, else None; the adapter below is kept alike."""
        self.made_adapter: MapAdapter | None | _Unset = UNSET
        self._tokens: tuple[Token[AppContext | None], ...] = ()
        self._owner: AppContext | None = None
        self._around: RequestContext | None = None
        self._holders = 0
        self._error: BaseException | None = None
        self._ends_shortly: bool = False
        """Whether this is a request's own context, pushed once, on its own, and held by nobody."""

    @property
    def g(self) -> OpenGlobals:
        """The namespace of this context, made when first touched.

        A request's context pushed while another one of the same application is active shares
        that one's.
        """
        g = self.made_g
        if g is None:
            owner = self._owner
            g = self.made_g = self.app.app_ctx_globals_class() if owner is None else owner.g
        return g

    @property
    def url_adapter(self) -> MapAdapter | None:
        """Builds URLs; outside of a request only when `SERVER_NAME` is set."""
        adapter = self.made_adapter
        if isinstance(adapter, _Unset):
            adapter = self.made_adapter = self._make_url_adapter()
        return adapter

    def _make_url_adapter(self) -> MapAdapter | None:
        return self.app.create_url_adapter(None)

    @property
    def around(self) -> RequestContext | None:
        """The request that was active when this context was pushed, and stays so (decision 050)."""
        return self._around

    def push(self) -> None:
        """Make this the active context; a request that is active stays so."""
        if self._tokens:
            self._tokens += (_active.set(self),)
            return
        self._around = find_request_context()
        self._tokens = (_active.set(self),)
        if appcontext_pushed.receivers:
            self._tell_pushed()

    def _tell_pushed(self) -> None:
        if self._owner is None:
            appcontext_pushed.send(self.app, _async_wrapper=self.app.ensure_sync)

    def pop(self, exc: BaseException | None | _Unset = UNSET) -> None:
        """Stop being the active context, and end unless something still holds it.

        :param exc: the error that ends it; by default the one being handled, if any.
        :raises RuntimeError: this is not the active context.
        :raises BaseException: what teardown functions raised, after all of them ran.
        """
        active_one = find_context()
        if active_one is not self:
            raise RuntimeError(
                f"{self!r} cannot be popped, because the active context is {active_one!r}. The"
                " context pushed last is popped first; `with` sees to that."
            )
        error = sys.exc_info()[1] if isinstance(exc, _Unset) else exc
        *others, token = self._tokens
        self._tokens = tuple(others)
        if others:
            _active.reset(token)
        elif self._holders:
            self._error = error
            _active.reset(token)
        else:
            self._end(error, token)

    def finish(self, error: BaseException | None) -> None:
        """Pop the context for good, even where something pushed since was left behind.

        :param error: the error that ends it, or None.
        :raises BaseException: as `pop`.
        """
        left = find_context()
        if left is not self or len(self._tokens) > 1:
            self.app.logger.error(
                "At the end of %r the active context is %r, pushed and popped a different number"
                " of times. Use `with` to push contexts.",
                self,
                left,
            )
            if not self._tokens:
                return  # it was popped, and so ended, by somebody else
            self._tokens = self._tokens[:1]
            _active.set(self)
        self.pop(error)

    def hold(self) -> None:
        """Keep the context from ending when it is popped, until `release`."""
        self._holders += 1
        self._ends_shortly = False

    def release(self, error: BaseException | None = None) -> None:
        """Let go; the last one to do so after the context was popped ends it.

        :param error: the error that ended what held the context, if any.
        """
        self._holders -= 1
        if self._holders or self._tokens:
            return
        error, self._error = error or self._error, None
        self._end(error, _active.set(self))

    @contextmanager
    def resumed(self) -> Generator[None]:
        """Be the active context once more, for something that holds it; lets go at the end."""
        token = _active.set(self)
        try:
            yield
        finally:
            _active.reset(token)
            self.release()

    def _end(self, error: BaseException | None, token: Token[AppContext | None]) -> None:
        """Run every teardown step, even when one raises, and raise what they raised."""
        owns = self._owner is None
        failed: list[BaseException] = []
        for step in self._ending_steps():
            try:
                step(error)
            except BaseException as raised:  # an interrupt, too, waits until the others ran
                failed.append(raised)
        _active.reset(token)
        self._owner = self._around = None
        if failed or appcontext_popped.receivers:
            self._ended(failed, owns)

    def _ended(self, failed: list[BaseException], owns: bool) -> None:
        if owns and appcontext_popped.receivers:
            try:
                appcontext_popped.send(self.app, _async_wrapper=self.app.ensure_sync)
            except BaseException as raised:
                failed.append(raised)
        if failed:
            from ..errors.collected import raise_collected

            raise_collected(failed)

    def _ending_steps(self) -> tuple[Callable[[BaseException | None], None], ...]:
        return (self.app.do_teardown_appcontext,) if self._owner is None else ()

    def __enter__(self) -> Self:
        try:
            self.push()
        except BaseException as error:
            self.pop(error)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.pop(error)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.app.name}>"


class RequestContext(AppContext[AppT]):
    """The context of one request: the request, its session and what goes with them.

    Made by `Flask.request_context` and `Flask.test_request_context` (Flask's documentation, "The
    Request Context").
    """

    __slots__ = ("_is_copy", "after_functions", "flashes", "matched", "opened_session", "request")

    def __init__(self, app: AppT, request: Request, session: SessionMixin | None = None) -> None:
        # What the base class sets, spelled out: every request makes one of these.
        self.app: AppT = app
        self.made_g: OpenGlobals | None = None
        self.made_adapter: MapAdapter | None | _Unset = UNSET
        self._tokens = ()
        self._owner = self._around = None
        self._holders = 0
        self._error = None
        self._ends_shortly = False
        self.request: Request = request
        request.app = app
        self.opened_session: SessionMixin | None = session
        """The session if anything has opened it, else None."""
        self.flashes: list[tuple[str, str]] | None = None
        self.after_functions: tuple[AfterRequestCallable, ...] = ()
        """What `after_this_request` asked for, in that order."""
        self.matched: bool = False
        self._is_copy = False

    @property
    def session(self) -> SessionMixin:
        """The session, opened when first touched."""
        session = self.opened_session
        if session is None:
            session = self.opened_session = self.app.open_session(self.request)
        return session

    @session.setter
    def session(self, session: SessionMixin) -> None:
        self.opened_session = session

    def _make_url_adapter(self) -> MapAdapter | None:
        try:
            return self.app.create_url_adapter(self.request)
        except HTTPException as error:
            self.request.routing_exception = error.with_traceback(None)
            return None

    def match_request(self) -> None:
        """Find the rule that answers the request, or note why none does.

        Called when the context is first pushed; a subclass may override it.
        """
        request = self.request
        found = self.app.quick_match(request)
        if found is None:
            adapter = self.url_adapter
            if adapter is None:
                return
            found = find(adapter)
        if isinstance(found, tuple):
            request.url_rule, request.view_args = found
        else:
            request.routing_exception = found

    def answering(self) -> str:
        """What is answering this request, for error messages."""
        endpoint = self.request.endpoint
        if endpoint is None:
            return f"What answers {self.request.path!r}, which no rule matches,"
        return f"The view of endpoint {endpoint!r} (or a hook or handler in its place)"

    def push(self) -> None:
        """Make this the active context; the first time, match the request.

        A session whose backend may do more than read a cookie is opened here, before matching,
        as Flask does; others are opened when first touched. If opening it fails, the context is
        active nevertheless, so that the error can be answered; it has to be popped. An HTTP
        exception from opening it is answered as one from routing.
        """
        app = self.app
        if self._tokens:
            self._ends_shortly = False
            self._tokens += (_active.set(self),)
        else:
            outer = find_context()
            # A class derived from this one may end otherwise, and a copy ends less.
            self._ends_shortly = outer is None and not self.matched and type(self) is RequestContext
            if outer is not None and outer.app is app:
                self._owner = outer
            self._tokens = (_active.set(self),)
            if appcontext_pushed.receivers:
                self._tell_pushed()
        if self.matched:
            return
        self.matched = True
        cookies = app.plain_cookies
        if (
            (cookies is not None and cookies.is_plain)  # as most are, which a look tells
            or self.opened_session is not None
            or app.opens_sessions_late()
        ):
            self.match_request()
        else:
            self._open_and_match()

    def _open_and_match(self) -> None:
        refused: HTTPException | None = None
        try:
            self.opened_session = self.app.open_session(self.request)
        except HTTPException as error:
            refused = error.with_traceback(None)
        self.match_request()
        if refused is not None:
            self.request.routing_exception = refused

    def copy(self) -> RequestContext[AppT]:
        """A context of the same request and session, to be pushed in another thread or task."""
        twin = type(self)(self.app, self.request, self.session)
        twin.made_adapter = self.url_adapter
        twin.flashes = self.flashes
        twin.matched = twin._is_copy = True
        return twin

    def finish(self, error: BaseException | None) -> None:
        """Pop the context for good, even where something pushed since was left behind.

        :param error: the error that ends it, or None.
        :raises BaseException: as `pop`.
        """
        tokens = self._tokens
        if not (self._ends_shortly and tokens and find_context() is self):
            super().finish(error)
            return
        # A request as servers send it: the steps of `pop` and `_end`, one by one.
        self._tokens = ()
        app, request = self.app, self.request
        failed: Sequence[BaseException] = NONE_FAILED
        try:
            app.do_teardown_request(error)
        except BaseException as raised:
            failed = [raised]
        try:
            # Nothing but files has to be closed, unless a class of the application says so.
            if request.holds_files or type(request) is not Request:
                request.close()
            if request.routing_exception is not None:
                self._forget_frames(error)
        except BaseException as raised:
            failed = [*failed, raised]
        try:
            app.do_teardown_appcontext(error)
        except BaseException as raised:
            failed = [*failed, raised]
        if self.opened_session is not None:
            try:
                app.release_session(self.opened_session)
            except BaseException as raised:
                failed = [*failed, raised]
        _active.reset(tokens[0])
        if failed or appcontext_popped.receivers:
            self._ended([*failed], owns=True)

    def _ending_steps(self) -> tuple[Callable[[BaseException | None], None], ...]:
        inner = (self.app.do_teardown_request, self._close_request)
        return (*inner, *super()._ending_steps(), self._release_session)

    def _close_request(self, error: BaseException | None) -> None:
        # Files of a form are closed with the request; one that was not parsed has none to close.
        # A copy may end while the request still goes on.
        if not self._is_copy:
            self.request.close()
            self._forget_frames(error)

    def _forget_frames(self, error: BaseException | None) -> None:
        unmatched = self.request.routing_exception
        if unmatched is not None and unmatched is not error:
            unmatched.__traceback__ = None  # its frames know the request, a cycle otherwise

    def _release_session(self, error: BaseException | None) -> None:
        # Last, because a teardown function may be the first to touch the session.
        session = self.opened_session
        if session is not None and not self._is_copy:
            self.app.release_session(session)

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self.request.method} {self.request.url} of {self.app.name}>"
        )


_active: Final[ContextVar[AppContext | None]] = ContextVar("typedflask.context", default=None)
"""The one context variable."""

find_context: Final[Callable[[], AppContext | None]] = _active.get
"""The active context, or None; the variable's own method, because everything asks it."""
activate: Final = _active.set
"""Makes a context the active one; gives what `deactivate` takes."""
deactivate: Final = _active.reset


def find_request_context() -> RequestContext | None:
    """The context of the active request, or None."""
    context = find_context()
    if context is None or isinstance(context, RequestContext):
        return context
    return context.around
