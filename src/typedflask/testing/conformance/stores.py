"""What every session store must do, as a pytest class to subclass: `StoreConformance`.

The sentences are those of `SessionStore` and `SessionLocks`; each failure says what to mend. What
the tests need to know of a store is in `store_making.py`, the tests of locks are in
`store_locks.py`, and here is the rest.
"""

from __future__ import annotations

import time
from itertools import combinations

import pytest

from typedflask.sessions.stores.contract import AnySessionStore, StoredSession
from typedflask.testing.conformance.store_locks import StoreLockConformance
from typedflask.testing.conformance.store_making import HOUR, locks_of, together

CENTURY = 100 * 365 * 24 * HOUR
PAYLOADS = {
    "text": b'{"user": 7}',
    "nothing": b"",
    "every byte": bytes(range(256)),
    "NULs": b"\0" * 9,
    "line ends": b"\r\n\n\r",
    "not UTF-8": b"\xff\xfe\x80",
    "one mebibyte": bytes(range(256)) * 4096,
}
ODD_IDS = [
    *("a", "A", "a ", " a", "ä", "Ä", "ss", "ß", "\u00e9", "e\u0301", "日本語", "😀"),
    *("../a", "/etc/a", "a/b", "a\\b", ".", "..", "C:a", "CON", "~", "-a"),
    *(":", "a:b", "a:", "*", "?", "[a]", "%", "_", "'; --", '"', "$a", "{a}", "#"),
    *("a\nb", "a\r\nb", "a\tb", "a\0b", "a\0", "a b", "0", "00", "None"),
    *("x" * 300, "x" * 299 + "y", "x" * 255, "ü" * 300),
]
"""Ids that a database, a file system, a pattern or a protocol may take for something else."""


def kept(store: AnySessionStore, session_id: str) -> StoredSession[object]:
    """What must be stored under an id."""
    found = store.load(session_id)
    assert found is not None, f"nothing is stored under {session_id!r}, where a session should be"
    return found


def keep(store: AnySessionStore, session_id: str, payload: bytes, lifetime: int = HOUR) -> object:
    """Save a new session, which must succeed; its version."""
    version: object = store.save(session_id, payload, lifetime=lifetime, expected=None)
    assert version is not None, f"the new session {session_id!r} was refused: save gave None"
    return version


def keep_again(
    store: AnySessionStore, session_id: str, payload: bytes, expected: object, lifetime: int = HOUR
) -> object:
    """Save a session over the version it has, which must succeed; its new version."""
    version: object = store.save(session_id, payload, lifetime=lifetime, expected=expected)
    assert version is not None, (
        f"a save of {session_id!r} over its newest version was refused: save gave None"
    )
    return version


class StoreConformance(StoreLockConformance):
    """The tests of a session store: subclass, name it `Test…`, and define `make_store`.

    ::

        class TestAtticStore(StoreConformance):
            def make_store(self) -> AtticStore:
                return AtticStore()

    The other methods of `StoreMaking` can be defined in addition; the tests that need them are
    skipped otherwise. A test about time waits a little more than a second.
    """

    # --- what is saved is loaded ---------------------------------------------------------

    @pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
    def test_what_is_saved_is_loaded_byte_for_byte(
        self, store: AnySessionStore, payload: bytes
    ) -> None:
        """A payload may be any bytes."""
        keep(store, "mint", payload)
        found = kept(store, "mint").payload
        assert type(found) is bytes, f"a payload must be bytes, but is {type(found).__name__}"
        # Not in the assert, of which pytest would explain a mebibyte, for minutes where CI is set.
        same = found == payload
        assert same, "the payload that was loaded is not the one that was saved"

    def test_an_id_without_a_session_gives_none(self, store: AnySessionStore) -> None:
        """A new visitor, or an invented id: None, no error and no empty session."""
        assert store.load("mint") is None, "load must give None for an id never saved"

    def test_a_save_replaces_the_payload(self, store: AnySessionStore) -> None:
        """Nothing of a longer payload shows behind a shorter one."""
        version = keep(store, "mint", b"a long first payload")
        keep_again(store, "mint", b"short", version)
        assert kept(store, "mint").payload == b"short", "a save must replace the whole payload"

    def test_looking_changes_nothing(self, store: AnySessionStore) -> None:
        """Two requests that load a session see the same payload and version."""
        keep(store, "mint", b"one")
        assert kept(store, "mint") == kept(store, "mint"), "two loads differ"

    def test_another_process_sees_what_was_saved(
        self, store: AnySessionStore, second: AnySessionStore
    ) -> None:
        """What one process saves, changes and deletes is so for all."""
        version = keep(store, "mint", b"one")
        assert kept(second, "mint").payload == b"one", "another process loads an old payload"
        keep_again(second, "mint", b"two", version)
        assert kept(store, "mint").payload == b"two", "a change by another process is not seen"
        second.delete("mint")
        assert store.load("mint") is None, "a deletion by another process is not seen"

    # --- no update is lost ---------------------------------------------------------------

    def test_a_new_session_never_replaces_another(self, store: AnySessionStore) -> None:
        """`expected=None` means new: where something is, save gives None and changes nothing."""
        keep(store, "mint", b"first")
        assert store.save("mint", b"second", lifetime=HOUR, expected=None) is None, (
            "a save with expected=None must give None where a session is"
        )
        assert kept(store, "mint").payload == b"first", "a refused save changed the payload"

    def test_every_write_changes_the_version(self, store: AnySessionStore) -> None:
        """Even one that writes the same bytes; no two versions of a session are equal."""
        versions = [keep(store, "mint", b"same")]
        for _ in range(5):
            versions.append(keep_again(store, "mint", b"same", versions[-1]))
        same = [pair for pair in combinations(versions, 2) if pair[0] == pair[1]]
        assert not same, f"two writes gave the same version: {same[0]}"

    def test_load_gives_the_version_that_save_gave(self, store: AnySessionStore) -> None:
        """Either can be given back to save."""
        version = keep(store, "mint", b"one")
        assert kept(store, "mint").version == version, "load gives another version than save gave"
        again = keep_again(store, "mint", b"two", kept(store, "mint").version)
        assert kept(store, "mint").version == again, "load gives an older version than save gave"

    def test_an_old_version_is_refused_and_nothing_changes(self, store: AnySessionStore) -> None:
        """A request that loaded before another wrote gets None, and may try again."""
        old = keep(store, "mint", b"one")
        new = keep_again(store, "mint", b"two", old)
        assert store.save("mint", b"lost", lifetime=HOUR, expected=old) is None, (
            "a save with an old version must give None: another request's update would be lost"
        )
        found = kept(store, "mint")
        assert (found.payload, found.version) == (b"two", new), "a refused save changed something"

    def test_a_deleted_session_does_not_come_back(self, store: AnySessionStore) -> None:
        """A request that was on its way during a logout does not undo it."""
        version = keep(store, "mint", b"one")
        store.delete("mint")
        assert store.save("mint", b"two", lifetime=HOUR, expected=version) is None, (
            "a save with the version of a deleted session must give None"
        )
        assert store.load("mint") is None, "a save brought a deleted session back"

    def test_a_version_fits_no_later_session_of_the_same_id(self, store: AnySessionStore) -> None:
        """Versions do not start again at 1 when a session is deleted and its id used anew."""
        old = keep(store, "mint", b"one")
        store.delete("mint")
        keep(store, "mint", b"another")
        assert store.save("mint", b"lost", lifetime=HOUR, expected=old) is None, (
            "the version of a deleted session was good for the one that came after it;"
            " let versions be random, or go on counting"
        )
        assert kept(store, "mint").payload == b"another", "a refused save changed the payload"

    def test_of_many_writes_at_once_one_wins(self, store: AnySessionStore) -> None:
        """Threads that loaded the same version: exactly one save gets a new one."""
        self.race([store] * 8)

    def test_of_many_processes_writing_at_once_one_wins(
        self, store: AnySessionStore, second: AnySessionStore
    ) -> None:
        """The same with two stores in the same place."""
        self.race([store, second] * 4)

    def race(self, stores: list[AnySessionStore]) -> None:
        """Let one thread per store save over the same version, and see that one could."""
        expected: object = None
        for turn in range(8):

            def save(number: int, turn: int = turn, expected: object = expected) -> object:
                payload = b"%d by %d" % (turn, number)
                return stores[number].save("mint", payload, lifetime=HOUR, expected=expected)

            versions = together(len(stores), save)
            winners = [number for number, version in enumerate(versions) if version is not None]
            assert len(winners) == 1, (
                f"{len(stores)} threads saved over the same version and {len(winners)} were told"
                " that they could: comparing and writing must be one step"
            )
            found = kept(stores[0], "mint")
            assert found.payload == b"%d by %d" % (turn, winners[0]), (
                "the payload is not the winner's"
            )
            expected = versions[winners[0]]
            assert found.version == expected, "the version is not the winner's"

    def test_a_version_is_that_of_one_session(self, store: AnySessionStore) -> None:
        """It stays good when others are written, and two sessions may not mix theirs up."""
        ours = keep(store, "mint", b"ours")
        theirs = keep(store, "sage", b"theirs")
        keep_again(store, "sage", b"theirs again", theirs)
        keep_again(store, "mint", b"ours again", ours)
        store.delete("sage")
        assert kept(store, "mint").payload == b"ours again"

    def test_sessions_written_at_once_do_not_disturb_each_other(
        self, store: AnySessionStore
    ) -> None:
        """Each thread finds in its own session what it wrote last."""

        def write(number: int) -> bytes:
            version: object = None
            for turn in range(10):
                payload = b"%d" % turn
                version = store.save(f"visitor-{number}", payload, lifetime=HOUR, expected=version)
                assert version is not None, "a save was refused because of another id's session"
                time.sleep(0.001)  # so that the threads take turns
            return kept(store, f"visitor-{number}").payload

        assert together(8, write) == [b"9"] * 8, "one session's write reached another session"

    # --- the end of a session ------------------------------------------------------------

    def test_an_expired_session_is_gone(self, store: AnySessionStore) -> None:
        """`lifetime` is in seconds; after it load gives None, cleaned up or not."""
        keep(store, "mint", b"one", lifetime=1)
        keep(store, "sage", b"stays", lifetime=600)
        self.wait(1 + self.slack)
        assert store.load("mint") is None, "a session was loaded after its lifetime"
        assert store.load("sage") is not None, (
            "a session with a lifetime of 600 was gone after a second or so: are these seconds?"
        )

    def test_an_expired_session_cannot_be_touched(self, store: AnySessionStore) -> None:
        """Touching gives False and does not revive it."""
        keep(store, "mint", b"one", lifetime=1)
        self.wait(1 + self.slack)
        assert not store.touch("mint", lifetime=HOUR), "an expired session was touched"
        assert store.load("mint") is None, "touching revived an expired session"

    def test_an_expired_session_cannot_be_saved_again(self, store: AnySessionStore) -> None:
        """Its version is worth nothing any more."""
        version = keep(store, "mint", b"one", lifetime=1)
        self.wait(1 + self.slack)
        assert store.save("mint", b"two", lifetime=HOUR, expected=version) is None, (
            "a save with the version of an expired session must give None"
        )
        assert store.load("mint") is None, "a save revived an expired session"

    def test_the_id_of_an_expired_session_is_free(self, store: AnySessionStore) -> None:
        """A new session may have it, whether or not the old one was cleaned up."""
        old = keep(store, "mint", b"one", lifetime=1)
        self.wait(1 + self.slack)
        keep(store, "mint", b"new")
        assert kept(store, "mint").payload == b"new"
        assert store.save("mint", b"lost", lifetime=HOUR, expected=old) is None, (
            "the version of an expired session was good for the one that came after it"
        )

    def test_a_save_moves_the_end(self, store: AnySessionStore) -> None:
        """Each save says anew how long the session lives."""
        version = keep(store, "mint", b"one", lifetime=1)
        keep_again(store, "mint", b"two", version)
        self.wait(1 + self.slack)
        assert kept(store, "mint").payload == b"two"

    def test_a_lifetime_of_nothing_is_not_for_ever(self, store: AnySessionStore) -> None:
        """Some places take a time of 0 for "always"; a store refuses it, or keeps nothing."""
        for lifetime in (0, -1):
            try:
                store.save("mint", b"one", lifetime=lifetime, expected=None)
            except ValueError:
                continue
            assert store.load("mint") is None, f"lifetime={lifetime} kept a session"
        keep(store, "mint", b"one")
        try:
            store.touch("mint", lifetime=0)
        except ValueError:
            return
        assert store.load("mint") is None, "touching with lifetime=0 did not end the session"

    def test_a_lifetime_may_be_long(self, store: AnySessionStore) -> None:
        """A century of seconds does not overflow, and is not taken for a moment."""
        version = keep(store, "mint", b"one", lifetime=CENTURY)
        assert kept(store, "mint").payload == b"one", "a lifetime of a century was none"
        assert store.touch("mint", lifetime=CENTURY), "a touch for a century found nothing"
        keep_again(store, "mint", b"two", version, lifetime=CENTURY)
        assert kept(store, "mint").payload == b"two", "a save for a century kept nothing"

    # --- touch and delete ----------------------------------------------------------------

    def test_touching_prolongs_a_session(self, store: AnySessionStore) -> None:
        """The end is counted from the touch."""
        keep(store, "mint", b"one", lifetime=1)
        assert store.touch("mint", lifetime=HOUR), "touch must say True for a session there is"
        self.wait(1 + self.slack)
        assert kept(store, "mint").payload == b"one"

    def test_touching_can_bring_the_end_nearer(self, store: AnySessionStore) -> None:
        """The end is what the last touch says, even if it was later."""
        keep(store, "mint", b"one")
        assert store.touch("mint", lifetime=1), "touch must say True for a session there is"
        self.wait(1 + self.slack)
        assert store.load("mint") is None, "touch did not bring the end nearer"

    def test_touching_leaves_payload_and_version(self, store: AnySessionStore) -> None:
        """A request that only read does not make another's save fail."""
        version = keep(store, "mint", b"one")
        assert store.touch("mint", lifetime=2 * HOUR), "touch must say True for a session there is"
        found = kept(store, "mint")
        assert found.payload == b"one", "touch changed the payload"
        assert found.version == version, "touch changed the version"
        assert store.save("mint", b"two", lifetime=HOUR, expected=version) is not None, (
            "touch made the version that another request holds worthless"
        )

    def test_touching_what_is_not_there_gives_false(self, store: AnySessionStore) -> None:
        """And makes nothing."""
        assert store.touch("mint", lifetime=HOUR) is False, "touch must say False for no session"
        assert store.load("mint") is None, "touch made a session"

    def test_a_deleted_session_is_gone(self, store: AnySessionStore) -> None:
        """For load, for touch; and its id is free."""
        keep(store, "mint", b"one")
        keep(store, "sage", b"stays")
        store.delete("mint")
        assert store.load("mint") is None, "a deleted session was loaded"
        assert not store.touch("mint", lifetime=HOUR), "a deleted session was touched"
        assert kept(store, "sage").payload == b"stays", "delete removed another session too"
        keep(store, "mint", b"new")

    def test_deleting_what_is_not_there_is_silent(self, store: AnySessionStore) -> None:
        """Two tabs may log out at once."""
        store.delete("mint")
        keep(store, "mint", b"one")
        store.delete("mint")
        store.delete("mint")

    # --- clean_up ------------------------------------------------------------------------

    def test_cleaning_up_removes_and_counts_what_has_expired(self, store: AnySessionStore) -> None:
        """And nothing else; a second time there is nothing left to remove."""
        for number in range(3):
            keep(store, f"old-{number}", b"one", lifetime=1)
        keep(store, "mint", b"stays")
        keep(store, "sage", b"is touched", lifetime=1)
        store.touch("sage", lifetime=HOUR)
        self.wait(1 + self.slack)
        expected = 0 if self.cleans_itself else 3
        removed = store.clean_up()
        assert removed == expected, f"clean_up says {removed}, but {expected} had expired"
        assert kept(store, "mint").payload == b"stays", "clean_up removed a live session"
        assert kept(store, "sage").payload == b"is touched", "clean_up removed a touched session"
        assert store.clean_up() == 0, "clean_up counted what it had removed before"

    # --- ids -----------------------------------------------------------------------------

    def test_an_odd_id_is_an_id_like_any_other(self, store: AnySessionStore) -> None:
        """Ids are signed, but a key that leaked must not open the file system or the database."""
        for session_id in ODD_IDS:
            version = keep(store, session_id, b"one")
            assert kept(store, session_id).payload == b"one", f"{session_id!r} lost its payload"
            assert store.touch(session_id, lifetime=HOUR), f"{session_id!r} cannot be touched"
            keep_again(store, session_id, b"two", version)
            store.delete(session_id)
            assert store.load(session_id) is None, f"{session_id!r} was not deleted"

    def test_ids_that_differ_a_little_are_different_sessions(self, store: AnySessionStore) -> None:
        """Case, spaces at the end, accents and what follows the 255th character all count."""
        for number, session_id in enumerate(ODD_IDS):
            assert store.load(session_id) is None, f"{session_id!r} is taken for an earlier id"
            keep(store, session_id, b"%d" % number)
        for number, session_id in enumerate(ODD_IDS):
            assert kept(store, session_id).payload == b"%d" % number, (
                f"{session_id!r} gives the session of another id"
            )

    @pytest.mark.parametrize("pattern", ["*", "%", "?", "_", "[a-z]*", "", "../*"])
    def test_deleting_an_odd_id_deletes_nothing_else(
        self, store: AnySessionStore, pattern: str
    ) -> None:
        """An id is never a pattern."""
        keep(store, "a", b"stays")
        store.delete(pattern)
        assert kept(store, "a").payload == b"stays", f"deleting {pattern!r} deleted 'a'"

    # --- neighbours and outages ----------------------------------------------------------

    def test_applications_that_share_a_place_do_not_meet(
        self, store: AnySessionStore, neighbour: AnySessionStore
    ) -> None:
        """The prefix keeps sessions of the same id apart, in every method."""
        keep(store, "mint", b"ours")
        assert neighbour.load("mint") is None, "another prefix loads our session"
        assert not neighbour.touch("mint", lifetime=1), "another prefix touches our session"
        keep(neighbour, "mint", b"theirs")
        assert kept(store, "mint").payload == b"ours", "another prefix writes into our session"
        neighbour.delete("mint")
        neighbour.clean_up()
        assert kept(store, "mint").payload == b"ours", "another prefix deletes our session"

    def test_a_store_that_is_away_says_so_with_an_os_error(
        self, unreachable: AnySessionStore
    ) -> None:
        """Whatever its library raises: the framework turns OSError into 503."""
        with pytest.raises(OSError):
            unreachable.load("mint")
        with pytest.raises(OSError):
            unreachable.save("mint", b"one", lifetime=HOUR, expected=None)
        with pytest.raises(OSError):
            unreachable.touch("mint", lifetime=HOUR)
        with pytest.raises(OSError):
            unreachable.delete("mint")

    def test_the_locks_of_a_store_that_is_away_say_so_too(
        self, unreachable: AnySessionStore
    ) -> None:
        """With OSError on entering; not with TimeoutError, which means that others were first."""
        with pytest.raises(OSError) as caught, locks_of(unreachable).lock("mint", wait=1, hold=9):
            pytest.fail("a store that is away gave out a lock")
        assert type(caught.value) is not TimeoutError, "that nobody answered is not a busy lock"


__all__ = ["StoreConformance"]
