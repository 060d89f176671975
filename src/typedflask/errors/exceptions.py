"""The errors this package raises itself, where no built-in or HTTP exception says it."""

from __future__ import annotations


class SetupFinishedError(AssertionError):
    """Set-up was changed after it was closed, so the change could not reach every request.

    An `AssertionError`, because that is what applications written for Flask catch.
    """


class FormDataRoutingRedirect(AssertionError):
    """In debug mode: a form was sent to an address that only redirects, and would be lost."""

    def __init__(self, method: str, url: str, new_url: str) -> None:
        super().__init__(
            f"A {method} request was sent to {url}, which redirects to {new_url}. Browsers follow"
            " such a redirect without the form's data. Send the form to the canonical address, for"
            " example by building it with url_for(). (This error shows in debug mode only.)"
        )
