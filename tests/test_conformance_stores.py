"""The conformance suite of session stores: what it finds in stores that break their word."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import broken_store_locks as locks
from tests import broken_stores as stores
from typedflask.sessions.stores.contract import AnySessionStore
from typedflask.testing.conformance import store_locks
from typedflask.testing.conformance.store_making import locks_of
from typedflask.testing.conformance.stores import StoreConformance


class Suite(StoreConformance):
    """The suite over a store of `broken_stores`, with everything that the suite can be given."""

    def __init__(self, kind: type[stores.Honest]) -> None:
        self.kind = kind
        self.place = stores.Place()

    def make_store(self) -> AnySessionStore:
        self.place = stores.Place()
        return self.kind(self.place)

    def make_second(self, store: AnySessionStore, /) -> AnySessionStore:
        return self.kind(self.place)

    def make_neighbour(self, store: AnySessionStore, /) -> AnySessionStore:
        return self.kind(self.place, prefix="other:")

    def make_unreachable(self) -> AnySessionStore:
        return self.kind(stores.Place(away=True))

    def wait(self, seconds: float, /) -> None:
        self.place.ahead += seconds

    # --- a small pytest: the fixtures by their names --------------------------------------

    def checks(self) -> list[str]:
        return [name for name in dir(self) if name.startswith("test_")]

    def failing(self) -> dict[str, str]:
        """The checks that fail, with what they say."""
        found: dict[str, str] = {}
        for name in self.checks():
            for given in self.cases(name):
                try:
                    self.run(name, given)
                except pytest.skip.Exception:
                    continue
                except (Exception, pytest.fail.Exception) as error:
                    found[name] = str(error) or type(error).__name__
        return found

    def cases(self, name: str) -> Iterator[dict[str, object]]:
        marks: list[pytest.Mark] = getattr(getattr(self, name), "pytestmark", [])
        if not marks:
            yield {}
        for mark in marks:
            yield from ({mark.args[0]: value} for value in mark.args[1])

    def run(self, name: str, given: dict[str, object]) -> None:
        test: Any = getattr(self, name)
        wanted = inspect.signature(test).parameters
        store = self.make_store()
        makers: dict[str, Callable[[], object]] = {
            "store": lambda: store,
            "second": lambda: self.make_second(store),
            "neighbour": lambda: self.make_neighbour(store),
            "unreachable": self.make_unreachable,
            "locks": lambda: locks_of(store),
        }
        fixtures = {key: make() for key, make in makers.items() if key in wanted}
        test(**fixtures, **given)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_locks, "SOON", 1.0)


@pytest.fixture(autouse=True)
def _thorough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CI is set pytest explains a failed comparison to the last byte, however long it is."""
    monkeypatch.setenv("CI", "true")


@pytest.mark.parametrize("kind", [stores.Honest, locks.HonestLocks])
def test_an_honest_store_passes(kind: type[stores.Honest]) -> None:
    assert Suite(kind).failing() == {}


FOUND_OUT: dict[type[stores.Honest], set[str]] = {
    stores.TruncatesPayloads: {
        "what_is_saved_is_loaded_byte_for_byte",
    },
    stores.KeepsText: {
        "what_is_saved_is_loaded_byte_for_byte",
    },
    stores.TakesEmptyForMissing: {
        "what_is_saved_is_loaded_byte_for_byte",
    },
    stores.GivesBytearrays: {
        "what_is_saved_is_loaded_byte_for_byte",
    },
    stores.WritesOverTheOld: {
        "a_save_replaces_the_payload",
    },
    stores.GivesEmptySessions: {
        "a_deleted_session_does_not_come_back",
        "a_deleted_session_is_gone",
        "a_lifetime_of_nothing_is_not_for_ever",
        "an_expired_session_cannot_be_saved_again",
        "an_expired_session_cannot_be_touched",
        "an_expired_session_is_gone",
        "an_id_without_a_session_gives_none",
        "an_odd_id_is_an_id_like_any_other",
        "another_process_sees_what_was_saved",
        "applications_that_share_a_place_do_not_meet",
        "ids_that_differ_a_little_are_different_sessions",
        "touching_can_bring_the_end_nearer",
        "touching_what_is_not_there_gives_false",
    },
    stores.CountsLooks: {
        "a_lifetime_may_be_long",
        "an_odd_id_is_an_id_like_any_other",
        "an_old_version_is_refused_and_nothing_changes",
        "another_process_sees_what_was_saved",
        "load_gives_the_version_that_save_gave",
        "looking_changes_nothing",
        "of_many_processes_writing_at_once_one_wins",
        "of_many_writes_at_once_one_wins",
        "touching_leaves_payload_and_version",
    },
    stores.RemembersWhatItRead: {
        "another_process_sees_what_was_saved",
    },
    stores.LosesUpdates: {
        "a_version_fits_no_later_session_of_the_same_id",
        "an_old_version_is_refused_and_nothing_changes",
        "of_many_processes_writing_at_once_one_wins",
        "of_many_writes_at_once_one_wins",
        "the_id_of_an_expired_session_is_free",
    },
    stores.ComparesAndWritesInTwoSteps: {
        "of_many_processes_writing_at_once_one_wins",
        "of_many_writes_at_once_one_wins",
    },
    stores.LocksOneProcess: {
        "of_many_processes_writing_at_once_one_wins",
    },
    stores.ReplacesWhenNew: {
        "a_new_session_never_replaces_another",
        "of_many_processes_writing_at_once_one_wins",
        "of_many_writes_at_once_one_wins",
    },
    stores.Resurrects: {
        "a_deleted_session_does_not_come_back",
        "an_expired_session_cannot_be_saved_again",
    },
    stores.RefusesButWrites: {
        "a_new_session_never_replaces_another",
        "a_version_fits_no_later_session_of_the_same_id",
        "an_old_version_is_refused_and_nothing_changes",
        "of_many_processes_writing_at_once_one_wins",
        "of_many_writes_at_once_one_wins",
    },
    stores.CountsEachSessionFromOne: {
        "a_version_fits_no_later_session_of_the_same_id",
        "the_id_of_an_expired_session_is_free",
    },
    stores.CountsDeletedOnesFromOne: {
        "a_version_fits_no_later_session_of_the_same_id",
    },
    stores.TakesAHashForAVersion: {
        "every_write_changes_the_version",
    },
    stores.GivesTheVersionBefore: {
        "a_lifetime_may_be_long",
        "a_save_moves_the_end",
        "a_save_replaces_the_payload",
        "a_version_is_that_of_one_session",
        "an_odd_id_is_an_id_like_any_other",
        "an_old_version_is_refused_and_nothing_changes",
        "another_process_sees_what_was_saved",
        "every_write_changes_the_version",
        "load_gives_the_version_that_save_gave",
        "of_many_processes_writing_at_once_one_wins",
        "of_many_writes_at_once_one_wins",
        "sessions_written_at_once_do_not_disturb_each_other",
        "touching_leaves_payload_and_version",
    },
    stores.HasOneVersionForAll: {
        "a_version_is_that_of_one_session",
        "sessions_written_at_once_do_not_disturb_each_other",
    },
    stores.MixesUpThreads: {
        "sessions_written_at_once_do_not_disturb_each_other",
    },
    stores.NeverForgets: {
        "a_lifetime_of_nothing_is_not_for_ever",
        "an_expired_session_cannot_be_saved_again",
        "an_expired_session_cannot_be_touched",
        "an_expired_session_is_gone",
        "the_id_of_an_expired_session_is_free",
        "touching_can_bring_the_end_nearer",
    },
    stores.LoadsTheExpired: {
        "a_lifetime_of_nothing_is_not_for_ever",
        "an_expired_session_cannot_be_saved_again",
        "an_expired_session_cannot_be_touched",
        "an_expired_session_is_gone",
        "touching_can_bring_the_end_nearer",
    },
    stores.RevivesByTouch: {
        "an_expired_session_cannot_be_touched",
    },
    stores.RevivesBySave: {
        "an_expired_session_cannot_be_saved_again",
    },
    stores.ReservesTheIdsOfTheExpired: {
        "a_lifetime_of_nothing_is_not_for_ever",
        "the_id_of_an_expired_session_is_free",
    },
    stores.CountsMilliseconds: {
        "an_expired_session_is_gone",
    },
    stores.KeepsTheFirstEnd: {
        "a_save_moves_the_end",
    },
    stores.TakesZeroForEver: {
        "a_lifetime_of_nothing_is_not_for_ever",
    },
    stores.CountsIn32Bits: {
        "a_lifetime_may_be_long",
    },
    stores.TouchChangesTheVersion: {
        "a_lifetime_may_be_long",
        "an_odd_id_is_an_id_like_any_other",
        "touching_leaves_payload_and_version",
    },
    stores.TouchDoesNothing: {
        "a_lifetime_of_nothing_is_not_for_ever",
        "cleaning_up_removes_and_counts_what_has_expired",
        "touching_can_bring_the_end_nearer",
        "touching_prolongs_a_session",
    },
    stores.TouchOnlyProlongs: {
        "a_lifetime_of_nothing_is_not_for_ever",
        "touching_can_bring_the_end_nearer",
    },
    stores.TouchSaysAlwaysYes: {
        "a_deleted_session_is_gone",
        "an_expired_session_cannot_be_touched",
        "applications_that_share_a_place_do_not_meet",
        "touching_what_is_not_there_gives_false",
    },
    stores.DeletesNothing: {
        "a_deleted_session_does_not_come_back",
        "a_deleted_session_is_gone",
        "a_version_fits_no_later_session_of_the_same_id",
        "an_odd_id_is_an_id_like_any_other",
        "another_process_sees_what_was_saved",
    },
    stores.DeleteWantsASession: {
        "deleting_an_odd_id_deletes_nothing_else",
        "deleting_what_is_not_there_is_silent",
    },
    stores.DeletesByPattern: {
        "deleting_an_odd_id_deletes_nothing_else",
    },
    stores.CleansUpNothing: {
        "cleaning_up_removes_and_counts_what_has_expired",
    },
    stores.CleansUpEverything: {
        "applications_that_share_a_place_do_not_meet",
        "cleaning_up_removes_and_counts_what_has_expired",
    },
    stores.IgnoresCase: {
        "ids_that_differ_a_little_are_different_sessions",
    },
    stores.IgnoresSpaces: {
        "ids_that_differ_a_little_are_different_sessions",
    },
    stores.TruncatesIds: {
        "ids_that_differ_a_little_are_different_sessions",
    },
    stores.RefusesNul: {
        "an_odd_id_is_an_id_like_any_other",
        "ids_that_differ_a_little_are_different_sessions",
    },
    stores.IgnoresThePrefix: {
        "applications_that_share_a_place_do_not_meet",
    },
    stores.RaisesItsLibrarysErrors: {
        "a_store_that_is_away_says_so_with_an_os_error",
    },
    stores.IsEmptyWhenAway: {
        "a_store_that_is_away_says_so_with_an_os_error",
    },
    locks.LocksNothing: {
        "a_lock_holds_for_other_processes_too",
        "a_lock_is_got_on_entering_and_not_before",
        "a_lock_is_held_by_one_thread_at_a_time",
        "a_lock_that_others_keep_is_given_up_after_the_wait",
        "a_lock_whose_holder_died_opens",
        "a_session_can_be_used_under_its_own_lock",
        "a_wait_of_nothing_gives_up_at_once",
        "giving_back_late_does_not_open_anothers_lock",
        "whoever_gave_up_waiting_leaves_the_lock_in_order",
    },
    locks.LocksOneProcessOnly: {
        "a_lock_holds_for_other_processes_too",
    },
    locks.LocksWithoutPrefix: {
        "locks_of_neighbours_are_apart",
    },
    locks.HasOneLockForAll: {
        "locks_of_different_sessions_are_different",
    },
    locks.RaisesItsOwnTimeout: {
        "a_lock_is_got_on_entering_and_not_before",
        "a_lock_that_others_keep_is_given_up_after_the_wait",
        "a_lock_whose_holder_died_opens",
        "a_session_can_be_used_under_its_own_lock",
        "a_wait_of_nothing_gives_up_at_once",
        "giving_back_late_does_not_open_anothers_lock",
        "whoever_gave_up_waiting_leaves_the_lock_in_order",
    },
    locks.DoesNotWait: {
        "a_lock_that_others_keep_is_given_up_after_the_wait",
    },
    locks.WaitsAMoment: {
        "a_lock_is_given_back_when_its_block_ends_in_an_error",
        "a_lock_is_got_on_entering_and_not_before",
        "a_lock_that_others_keep_is_given_up_after_the_wait",
        "a_lock_whose_holder_died_opens",
        "a_session_can_be_used_under_its_own_lock",
        "a_wait_of_nothing_gives_up_at_once",
        "giving_back_late_does_not_open_anothers_lock",
        "locks_leave_no_sessions_behind",
        "locks_of_neighbours_are_apart",
        "whoever_gave_up_waiting_leaves_the_lock_in_order",
    },
    locks.GivingUpGivesBack: {
        "whoever_gave_up_waiting_leaves_the_lock_in_order",
    },
    locks.LocksTooEarly: {
        "a_lock_is_got_on_entering_and_not_before",
    },
    locks.KeepsTheLockOnErrors: {
        "a_lock_is_given_back_when_its_block_ends_in_an_error",
    },
    locks.LocksItselfOut: {
        "a_session_can_be_used_under_its_own_lock",
    },
    locks.KeepsLocksAsSessions: {
        "a_session_can_be_used_under_its_own_lock",
        "locks_leave_no_sessions_behind",
    },
    locks.DeletingOpensTheLock: {
        "a_session_can_be_used_under_its_own_lock",
    },
    locks.NeverOpens: {
        "a_lock_whose_holder_died_opens",
        "giving_back_late_does_not_open_anothers_lock",
    },
    locks.OpensAtOnce: {
        "a_lock_whose_holder_died_opens",
    },
    locks.GivesBackAnothers: {
        "giving_back_late_does_not_open_anothers_lock",
    },
    locks.SaysBusyWhenAway: {
        "the_locks_of_a_store_that_is_away_say_so_too",
    },
}
"""Each broken store, and which sentences of the suite find it out."""


@pytest.mark.parametrize("kind", FOUND_OUT, ids=lambda kind: kind.__name__)
def test_a_store_that_breaks_its_word_is_found_out(kind: type[stores.Honest]) -> None:
    """By the checks of what it breaks, and by no other: a check speaks of one thing."""
    assert Suite(kind).failing().keys() == {f"test_{check}" for check in FOUND_OUT[kind]}


def test_every_broken_store_is_tried() -> None:
    names = {**vars(stores), **vars(locks)}
    kinds = [kind for kind in names.values() if inspect.isclass(kind)]
    broken = {kind for kind in kinds if issubclass(kind, stores.Honest)}
    assert broken - {stores.Honest, locks.HonestLocks} == FOUND_OUT.keys()


def test_every_check_finds_something_out() -> None:
    checks = {f"test_{check}" for found in FOUND_OUT.values() for check in found}
    assert set(Suite(stores.Honest).checks()) == checks


def test_every_failure_says_what_to_mend() -> None:
    """Whoever wrote the store reads these; a bare comparison would not help."""
    assert "another request's update would be lost" in " ".join(
        Suite(stores.LosesUpdates).failing().values()
    )
    assert "AssertionError" not in Suite(stores.GivesTheVersionBefore).failing().values()


def test_a_store_is_to_be_given() -> None:
    class Forgetful(StoreConformance):
        """Defines nothing."""

    with pytest.raises(NotImplementedError, match="Forgetful must define make_store"):
        Forgetful().make_store()
