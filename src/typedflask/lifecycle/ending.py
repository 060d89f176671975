"""Teardown: every function runs, with the error that ended the context or None.

One that raises stops neither the others nor the signal; what they raised is raised together when
all of them ran.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Generic, final

from ..ctx import RequestContext, find_context, find_request_context
from ..notices import Notice, appcontext_tearing_down, request_tearing_down
from ..registration.routes import Extra
from ..stages import INSIDE_OUT, in_order
from .site import Site

if TYPE_CHECKING:
    from ..typing import TeardownCallable


@final
class _CurrentError:
    """The type of the mark for "the error being handled"."""


CURRENT_ERROR: Final = _CurrentError()


class TeardownSteps(Site[Extra], Generic[Extra]):
    """The part of an application that ends contexts."""

    teardown_appcontext_funcs: list[TeardownCallable]

    def do_teardown_request(
        self, exc: BaseException | None | _CurrentError = CURRENT_ERROR
    ) -> None:
        """Run the `teardown_request` functions, innermost blueprint first, and send the signal.

        :param exc: the error that ended the request; by default the one being handled, if any.
        """
        hooks = self.teardown_request_funcs
        if len(hooks) == 1 and None in hooks:
            self._tear_down(hooks[None][::-1], request_tearing_down, exc)
        elif hooks or request_tearing_down.receivers:
            context = find_context()
            if type(context) is not RequestContext:  # the usual kind is found without a call more
                context = find_request_context()
            scopes = () if context is None else context.request.scopes
            functions = in_order(INSIDE_OUT, hooks, scopes)
            self._tear_down(functions, request_tearing_down, exc)

    def do_teardown_appcontext(
        self, exc: BaseException | None | _CurrentError = CURRENT_ERROR
    ) -> None:
        """Run the `teardown_appcontext` functions, last registered first, and send the signal.

        :param exc: the error that ended the context; by default the one being handled, if any.
        """
        functions = self.teardown_appcontext_funcs
        if functions or appcontext_tearing_down.receivers:
            self._tear_down(functions[::-1], appcontext_tearing_down, exc)

    def _tear_down(
        self,
        functions: Iterable[TeardownCallable],
        notice: Notice,
        exc: BaseException | None | _CurrentError,
    ) -> None:
        error = sys.exc_info()[1] if type(exc) is _CurrentError else exc
        failed: Sequence[BaseException] = ()
        direct = self._calls_directly
        for function in functions:
            try:
                result: object = function(error) if direct else self.ensure_sync(function)(error)
                if result is not None:
                    self._finish(result)
            except BaseException as raised:  # an interrupt, too, waits until the others ran
                failed = [*failed, raised]
        if notice.receivers:
            try:
                notice.send(self, _async_wrapper=self.ensure_sync, exc=error)
            except BaseException as raised:
                failed = [*failed, raised]
        if failed:
            from ..errors.collected import raise_collected  # for errors only

            raise_collected(failed)
