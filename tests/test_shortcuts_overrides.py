"""Whatever step of an application is overridden, shortcuts change nothing.

A step that only notes that it was called and one that does something else; in a subclass, on the
instance before the first request, on the instance between two requests. Each time all requests of
the site are sent with all shortcuts and with none: the answers, and the order of all that was noted,
are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import pytest

from tests.both_ways import Make, Notes, Sent, both_ways
from tests.shortcut_requests import EVERY, FILE
from tests.shortcut_site import FILES, furnish, site, unheard_site
from typedflask import Flask

# Any, in this file: what is overridden may take and give anything.

STEPS = (
    *("__call__", "wsgi_app", "request_context", "full_dispatch_request", "preprocess_request"),
    *("dispatch_request", "make_response", "finalize_request", "process_response"),
    *("handle_user_exception", "handle_http_exception", "handle_exception", "trap_http_exception"),
    *("log_exception", "raise_routing_exception", "should_ignore_error", "ensure_sync"),
    *("async_to_sync", "make_default_options_response", "create_url_adapter", "url_for"),
    *("inject_url_defaults", "handle_url_build_error", "do_teardown_request", "redirect"),
    *("do_teardown_appcontext", "update_template_context", "get_send_file_max_age"),
    *("send_static_file", "create_jinja_environment", "create_global_jinja_loader"),
    *("select_jinja_autoescape", "app_context"),
)
"""Documented methods that a request may go through."""
SET_UP = {
    *("add_template_filter", "add_template_global", "add_template_test", "add_url_rule", "get"),
    *("after_request", "before_request", "app_template_filter", "auto_find_instance_path"),
    *("check_setup_finished", "context_processor", "delete", "endpoint", "errorhandler"),
    *("iter_blueprints", "make_aborter", "make_config", "make_shell_context", "open_resource"),
    *("open_instance_resource", "patch", "post", "put", "register_blueprint", "route", "run"),
    *("register_error_handler", "shell_context_processor", "teardown_appcontext", "template_test"),
    *("teardown_request", "template_filter", "template_global", "test_cli_runner", "test_client"),
    *("test_request_context", "url_defaults", "url_value_preprocessor", "shell_context_processor"),
}
"""Documented methods that no request goes through."""
OF_SERVERS = {"__call__", "wsgi_app", "request_context"}


def shown(value: object) -> str:
    """An argument as it can be compared: errors and texts say what they are, others their class."""
    if isinstance(value, (str, int, type(None), Exception, dict, list)):
        return repr(value)
    return type(value).__name__.replace("DerivedContext", "RequestContext")


def noted(notes: Notes, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    """A method that notes what it was called with and otherwise does what it did."""

    @wraps(original)
    def noting(*args: Any, **kwargs: Any) -> Any:
        # What servers give holds objects that are new each time.
        told = ", ".join(shown(value) for value in args if name not in OF_SERVERS)
        notes.append(f"{name}({told} {sorted(kwargs)})")
        return original(*args, **kwargs)

    return noting


def in_a_subclass(names: Sequence[str]) -> Make:
    """The site, of a class that overrides steps."""

    def make(notes: Notes) -> Flask:
        methods = {name: noted(notes, name, getattr(Flask, name)) for name in names}
        kind = type("Overriding", (Flask,), methods)
        return furnish(kind("site", static_folder=FILES, static_url_path="/static"), notes)

    return make


def on_the_instance(names: Sequence[str]) -> Make:
    """The site, steps of which were replaced on the object."""

    def make(notes: Notes) -> Flask:
        app = site(notes)
        for name in names:
            setattr(app, name, noted(notes, name, getattr(app, name)))
        return app

    return make


def between_requests(names: Sequence[str]) -> Make:
    """The site, where steps are replaced by the first request and given back by a later one."""

    def make(notes: Notes) -> Flask:
        app = unheard_site(notes)

        def replace() -> str:
            for name in names:
                setattr(app, name, noted(notes, name, getattr(app, name)))
            return "replaced"

        def give_back() -> str:
            for name in names:
                delattr(app, name)
            return "given back"

        app.add_url_rule("/replace", "replace", replace)
        app.add_url_rule("/give-back", "give_back", give_back)
        return app

    return make


SOME = [Sent("/text"), Sent("/missing"), Sent("/number/3"), Sent("/shop/"), Sent("/recall")]
REPLACING = [*SOME, Sent("/replace"), *EVERY, Sent("/give-back"), *SOME]


def some_of(name: str) -> list[Sent]:
    """A part of the requests, another one for each step, and some for every kind of step."""
    first = STEPS.index(name) % 4
    return [*EVERY[first::4], *ESSENTIAL]


ESSENTIAL = [
    *(Sent("/program-error"), Sent("/own-error"), Sent("/abort"), Sent("/redirect"), Sent("/urls")),
    *(Sent("/text", "OPTIONS"), Sent("/slow"), Sent("/template"), Sent("/broken-url"), Sent(FILE)),
]
"""Requests that take each of the steps."""


def called(answers: Sequence[Any], name: str) -> bool:
    """Whether a step was taken at all."""
    return any(note.startswith(f"{name}(") for answer in answers for note in answer.notes)


def test_every_documented_method_is_here() -> None:
    flask = pytest.importorskip("flask")
    documented = {
        name
        for name in dir(flask.Flask)
        if not name.startswith("_") and callable(getattr(flask.Flask, name))
    }
    classes = {name for name in documented if isinstance(getattr(flask.Flask, name), type)}
    assert documented - classes - set(STEPS) - SET_UP == set()


@pytest.mark.parametrize("name", STEPS)
def test_a_step_overridden_in_a_subclass_is_taken_alike(name: str) -> None:
    answers = both_ways(in_a_subclass([name]), EVERY)
    assert called(answers, name) or name in NOT_ASKED


@pytest.mark.parametrize("name", [name for name in STEPS if name != "__call__"])
def test_a_step_replaced_on_the_instance_is_taken_alike(name: str) -> None:
    answers = both_ways(on_the_instance([name]), some_of(name))
    assert called(answers, name) or name in NOT_ASKED


@pytest.mark.parametrize("name", [name for name in STEPS if name != "__call__"])
def test_a_step_replaced_between_requests_is_taken_alike(name: str) -> None:
    requests = [*SOME, Sent("/replace"), *some_of(name), Sent("/give-back"), *SOME]
    answers = both_ways(between_requests([name]), requests)
    assert called(answers, name) or name in NOT_ASKED
    assert not called(answers[: len(SOME)], name)
    assert not called(answers[-len(SOME) :], name)


NOT_ASKED = {"app_context"}
"""What requests of the site do not go through, whatever way they take."""


@pytest.mark.parametrize("make", [in_a_subclass, on_the_instance, between_requests])
def test_all_steps_at_once_are_taken_in_the_same_order(make: Callable[..., Make]) -> None:
    names = [name for name in STEPS if name != "__call__"]
    both_ways(make(names), REPLACING if make is between_requests else EVERY)
