"""The conformance suite of session backends: ours pass it, and each broken one is found out."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from itsdangerous import BadSignature

from tests import broken_sessions as broken
from tests.kept_sessions import Clock, LockingStore, PlainStore, clear
from tests.test_docs import PROGRAMS
from typedflask.sessions import SecureCookieSessionInterface, ServerSideSessions
from typedflask.sessions.contract import AnySessionBackend
from typedflask.sessions.stores.memory import MemoryStore
from typedflask.testing.conformance.session_making import SessionSite
from typedflask.testing.conformance.session_values import CHANGES, LOOKS, TAMPERED
from typedflask.testing.conformance.sessions import SessionConformance


class WithAClock(SessionConformance):
    """The clock of these tests can be set, so that no time is spent on waiting."""

    clock: Clock

    @pytest.fixture(autouse=True)
    def _set_clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = Clock(monkeypatch)

    def wait(self, seconds: float) -> None:
        self.clock.wait(seconds)


class TestCookie(WithAClock):
    def make_backend(self) -> SecureCookieSessionInterface:
        return SecureCookieSessionInterface()


class ServerSide(WithAClock):
    ends_for_good = has_ids = keeps_both = True


class TestServerSide(ServerSide):
    def make_backend(self) -> ServerSideSessions:
        return ServerSideSessions(MemoryStore(clock=lambda: time.time()))  # noqa: PLW0108


class TestServerSideEncryptedWithALifetime(ServerSide):
    def make_backend(self) -> ServerSideSessions:
        return ServerSideSessions(PlainStore(), encrypt=True, absolute_lifetime=86400)


class TestServerSideWithLocks(ServerSide):
    one_at_a_time = True

    def make_backend(self) -> ServerSideSessions:
        return ServerSideSessions(LockingStore(), locking=True, lock_wait=0)


# --- what is broken is found out ---------------------------------------------------------------


class Found(NamedTuple):
    """A test of the suite, what it is called with, and a backend that must not pass it."""

    test: str
    backend: Callable[[], AnySessionBackend]
    arguments: tuple[object, ...] = ()


FOUND = [
    Found("test_a_new_visitors_session_is_empty", broken.Shared),
    Found("test_what_one_request_puts_in_the_next_one_finds", broken.OnlyText, (42,)),
    Found("test_what_one_request_puts_in_the_next_one_finds", broken.WritesNothing, (42,)),
    Found("test_values_that_json_has_no_word_for_come_back_as_they_were", broken.OnlyJSON, ((1,),)),
    Found("test_every_change_is_saved", broken.MissesPop, (CHANGES["pop"],)),
    Found("test_every_change_is_saved", broken.WritesNothing, (CHANGES["update"],)),
    Found("test_a_change_inside_of_a_value_is_saved_when_told", broken.IgnoresModified),
    Found("test_what_is_not_touched_stays", broken.ForgetsUnread),
    Found("test_visitors_do_not_share_a_session", broken.LastVisitor),
    Found("test_a_session_remembers_that_it_is_permanent", broken.ForgetsPermanent),
    Found("test_a_value_that_cannot_be_kept_is_an_error_that_names_it", broken.DropsStrangeValues),
    Found("test_a_value_that_cannot_be_kept_is_an_error_that_names_it", broken.SaysNotWhich),
    Found("test_a_value_that_cannot_be_kept_is_an_error_that_names_it", broken.HasHalf),
    Found("test_a_session_that_nobody_touches_leaves_no_trace", broken.AlwaysSends),
    Found("test_a_session_that_nobody_touches_leaves_no_trace", broken.AlwaysVaries),
    Found("test_a_visitor_who_stores_nothing_gets_no_cookie", broken.AlwaysSends),
    Found(
        "test_a_page_that_looked_at_the_session_varies_by_cookie", broken.MissesIn, (LOOKS["in"],)
    ),
    Found(
        "test_a_page_that_looked_at_the_session_varies_by_cookie",
        broken.AlwaysSends,
        (LOOKS["len"],),
    ),
    Found("test_a_page_that_changed_the_session_varies_by_cookie", broken.NeverVaries),
    Found("test_the_cookie_is_what_the_configuration_says", broken.NeverSecure),
    Found("test_a_permanent_cookie_ends_and_another_does_not", broken.EndsWithTheBrowser),
    Found("test_an_emptied_session_takes_its_cookie_away", broken.KeepsTheCookie, (clear,)),
    Found("test_after_clearing_a_session_can_begin_anew", broken.ClearedForGood),
    Found("test_a_permanent_session_that_is_not_used_ends", broken.NeverEnds),
    Found(
        "test_a_cookie_that_was_tampered_with_is_a_new_session",
        broken.Believing,
        (TAMPERED["another last character"],),
    ),
    Found(
        "test_a_cookie_that_was_tampered_with_is_a_new_session",
        broken.Breaking,
        (TAMPERED["cut off"],),
    ),
    Found("test_a_cookie_made_up_by_the_visitor_is_not_adopted", broken.Adopting),
    Found("test_messages_are_flashed_and_shown_once", broken.MissesPop),
    Found("test_messages_are_flashed_and_shown_once", broken.ForgetsPermanent),
    Found("test_the_test_client_opens_and_saves_a_session", broken.WritesNothing),
    Found("test_a_session_may_be_saved_twice", broken.SavesOnce),
    Found("test_a_cookie_from_before_the_logout_finds_nothing", broken.EndsForNobody),
    Found("test_a_new_id_makes_the_old_one_worthless", broken.KeepsItsIds),
    Found("test_a_new_id_makes_the_old_one_worthless", broken.EndsForNobody),
    Found("test_two_requests_that_change_different_keys_are_both_kept", broken.LosesUpdates),
    Found("test_a_session_that_another_request_ended_does_not_come_back", broken.LosesUpdates),
]


class Suspect(ServerSide):
    """The suite, every test of it, with whatever backend there is."""


def run(found: Found, backend: AnySessionBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run one test of the suite."""
    suite = Suspect()
    suite.clock = Clock(monkeypatch)
    test = getattr(suite, found.test)
    extra = {"backend": backend} if "backend" in inspect.signature(test).parameters else {}
    test(SessionSite(backend), *found.arguments, **extra)


@pytest.mark.parametrize(
    "found", FOUND, ids=[f"{one.test}: {one.backend.__name__}" for one in FOUND]
)
def test_a_broken_backend_is_found_out(found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises((AssertionError, BadSignature)):
        run(found, found.backend(), monkeypatch)


@pytest.mark.parametrize(
    "found", FOUND, ids=[f"{one.test}: {one.backend.__name__}" for one in FOUND]
)
def test_the_same_test_passes_with_a_backend_that_is_whole(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(found, ServerSideSessions(PlainStore()), monkeypatch)


def test_a_backend_that_can_keep_anything_need_not_refuse_it() -> None:
    site = SessionSite(broken.Adopting())
    Suspect().test_a_value_that_cannot_be_kept_is_an_error_that_names_it(site)


def test_every_test_of_the_suite_is_shown_to_fail() -> None:
    tests = {name for name in dir(SessionConformance) if name.startswith("test_")}
    assert tests == {found.test for found in FOUND}


def test_a_suite_without_a_backend_says_what_to_define() -> None:
    with pytest.raises(NotImplementedError, match="ServerSide must define make_backend"):
        ServerSide().make_backend()


@pytest.mark.slow
def test_the_store_and_the_backend_that_the_manual_shows_pass_their_suites(tmp_path: Path) -> None:
    """As a reader would try them: copied into a file, and run by pytest."""
    shown = [
        block for block in PROGRAMS if block.page.stem == "sessions" and "class Test" in block.text
    ]
    for block in shown:
        (tmp_path / f"test_{block.name}.py").write_text(block.text, encoding="utf-8")
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    # In several processes, because the tests of the store wait a lot.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "6"]
    run = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120, check=False
    )

    assert len(shown) == 2
    assert run.returncode == 0, run.stdout
    assert " passed" in run.stdout
