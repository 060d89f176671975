"""A session store that keeps its word, and many that break it in one way each.

tests/test_conformance_stores.py lets the conformance suite find each of them out.
"""

from __future__ import annotations

import fnmatch
import time
import zlib
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any

from typedflask.sessions.stores.contract import StoredSession


@dataclass
class Entry:
    payload: bytes
    version: int
    end: float


@dataclass
class Place:
    """What stores in several processes would share."""

    kept: dict[str, Entry] = field(default_factory=dict[str, Entry])
    held: dict[str, tuple[object, float]] = field(default_factory=dict[str, tuple[object, float]])
    mutex: Any = field(default_factory=RLock)
    ahead: float = 0.0
    count: int = 0
    away: bool = False


class Honest:
    """Keeps its word; its parts are small so that a subclass can spoil one."""

    def __init__(self, place: Place, prefix: str = "") -> None:
        self.place = place
        self.prefix = prefix

    def key(self, session_id: str) -> str:
        return self.prefix + session_id

    def now(self) -> float:
        return time.time() + self.place.ahead

    def end(self, lifetime: int) -> float:
        return self.now() + lifetime

    def living(self, session_id: str) -> Entry | None:
        if self.place.away:
            raise ConnectionError("nobody answers")
        entry = self.place.kept.get(self.key(session_id))
        return entry if entry and self.now() < entry.end else None

    def new_version(self, session_id: str, payload: bytes) -> int:
        self.place.count += 1
        return self.place.count

    def fits(self, entry: Entry | None, expected: int | None) -> bool:
        return (entry.version if entry else None) == expected

    def load(self, session_id: str, /) -> StoredSession[int] | None:
        with self.place.mutex:
            entry = self.living(session_id)
            return StoredSession(entry.payload, entry.version) if entry else None

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: int | None
    ) -> int | None:
        with self.place.mutex:
            if not self.fits(self.living(session_id), expected):
                return None
            version = self.new_version(session_id, payload)
            entry = Entry(payload, version, self.end(lifetime))
            self.place.kept[self.key(session_id)] = entry
            return version

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        with self.place.mutex:
            entry = self.living(session_id)
            if entry is None:
                return False
            entry.end = self.end(lifetime)
            return True

    def delete(self, session_id: str, /) -> None:
        with self.place.mutex:
            if self.living(session_id):
                del self.place.kept[self.key(session_id)]

    def clean_up(self) -> int:
        with self.place.mutex:
            old = [key for key, entry in self.place.kept.items() if entry.end <= self.now()]
            for key in old:
                del self.place.kept[key]
            return len(old)


# --- what is saved -----------------------------------------------------------------------


class TruncatesPayloads(Honest):
    """As MariaDB's BLOB did for long."""

    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        return super().save(session_id, payload[:65_535], **options)


class KeepsText(Honest):
    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        text = payload.decode(errors="replace")
        return super().save(session_id, text.encode(), **options)


class TakesEmptyForMissing(Honest):
    def living(self, session_id: str) -> Entry | None:
        entry = super().living(session_id)
        return entry if entry and entry.payload else None


class GivesBytearrays(Honest):
    def load(self, session_id: str, /) -> StoredSession[int] | None:
        found = super().load(session_id)
        payload: Any = bytearray(found.payload) if found else b""
        return replace(found, payload=payload) if found else None


class WritesOverTheOld(Honest):
    """Without cutting off what was longer."""

    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        entry = self.living(session_id)
        rest = entry.payload[len(payload) :] if entry and options["expected"] else b""
        return super().save(session_id, payload + rest, **options)


class GivesEmptySessions(Honest):
    def load(self, session_id: str, /) -> StoredSession[int] | None:
        return super().load(session_id) or StoredSession(b"", 0)


class CountsLooks(Honest):
    """Its versions change when somebody reads."""

    def load(self, session_id: str, /) -> StoredSession[int] | None:
        entry = self.living(session_id)
        if entry:
            entry.version = self.new_version(session_id, b"")
        return super().load(session_id)


class RemembersWhatItRead(Honest):
    """A cache in each process that no other process empties."""

    def __init__(self, place: Place, prefix: str = "") -> None:
        super().__init__(place, prefix)
        self.remembered: dict[str, Entry] = {}

    def load(self, session_id: str, /) -> StoredSession[int] | None:
        entry = self.remembered.get(session_id)
        if entry is None or entry.end <= self.now():
            entry = self.living(session_id)
        if entry is None:
            return None
        self.remembered[session_id] = replace(entry)
        return StoredSession(entry.payload, entry.version)

    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        self.remembered.pop(session_id, None)
        return super().save(session_id, payload, **options)

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        self.remembered.pop(session_id, None)
        return super().touch(session_id, lifetime=lifetime)

    def delete(self, session_id: str, /) -> None:
        self.remembered.pop(session_id, None)
        super().delete(session_id)


# --- updates -----------------------------------------------------------------------------


class LosesUpdates(Honest):
    """The last one to write wins."""

    def fits(self, entry: Entry | None, expected: int | None) -> bool:
        return (entry is None) == (expected is None)


class ComparesAndWritesInTwoSteps(Honest):
    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: int | None
    ) -> int | None:
        if not self.fits(self.living(session_id), expected):
            return None
        time.sleep(0.005)
        current = self.living(session_id)
        return super().save(
            session_id, payload, lifetime=lifetime, expected=current.version if current else None
        )


class LocksOneProcess(ComparesAndWritesInTwoSteps):
    """Careful among its threads, as if there were no other process."""

    def __init__(self, place: Place, prefix: str = "") -> None:
        super().__init__(place, prefix)
        self.mine = RLock()

    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        with self.mine:
            return super().save(session_id, payload, **options)


class ReplacesWhenNew(Honest):
    def fits(self, entry: Entry | None, expected: int | None) -> bool:
        return expected is None or super().fits(entry, expected)


class Resurrects(Honest):
    def fits(self, entry: Entry | None, expected: int | None) -> bool:
        return entry is None or super().fits(entry, expected)


class RefusesButWrites(Honest):
    """Says None and has written all the same."""

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: int | None
    ) -> int | None:
        entry = self.living(session_id)
        version = super().save(session_id, payload, lifetime=lifetime, expected=expected)
        if version is None and entry is not None:
            entry.payload = payload
        return version


class CountsEachSessionFromOne(Honest):
    def new_version(self, session_id: str, payload: bytes) -> int:
        entry = self.living(session_id)
        return entry.version + 1 if entry else 1


class CountsDeletedOnesFromOne(Honest):
    """But goes on counting where a session has expired and not been cleaned up."""

    def new_version(self, session_id: str, payload: bytes) -> int:
        entry = self.place.kept.get(self.key(session_id))
        return entry.version + 1 if entry else 1


class TakesAHashForAVersion(Honest):
    def new_version(self, session_id: str, payload: bytes) -> int:
        return zlib.crc32(payload)


class GivesTheVersionBefore(Honest):
    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        version = super().save(session_id, payload, **options)
        return version and version - 1


class HasOneVersionForAll(Honest):
    """Any write makes the versions of all other sessions worthless."""

    def fits(self, entry: Entry | None, expected: int | None) -> bool:
        if expected is not None and expected != self.place.count:
            return False
        return super().fits(entry, expected)


class MixesUpThreads(Honest):
    """Keeps in itself what belongs to a call."""

    current = ""

    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        self.current = session_id
        time.sleep(0.001)
        return super().save(self.current, payload, **options)


# --- the end -----------------------------------------------------------------------------


class NeverForgets(Honest):
    """Until somebody cleans up."""

    def living(self, session_id: str) -> Entry | None:
        return self.place.kept.get(self.key(session_id)) or super().living(session_id)


class LoadsTheExpired(Honest):
    def load(self, session_id: str, /) -> StoredSession[int] | None:
        entry = self.place.kept.get(self.key(session_id)) or self.living(session_id)
        return StoredSession(entry.payload, entry.version) if entry else None


class RevivesByTouch(Honest):
    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        entry = self.place.kept.get(self.key(session_id)) or self.living(session_id)
        if entry:
            entry.end = self.end(lifetime)
        return entry is not None


class RevivesBySave(Honest):
    def fits(self, entry: Entry | None, expected: int | None) -> bool:
        if entry is None and expected is not None:
            return any(kept.version == expected for kept in self.place.kept.values())
        return super().fits(entry, expected)


class ReservesTheIdsOfTheExpired(Honest):
    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        if self.living(session_id) is None and self.key(session_id) in self.place.kept:
            return None
        return super().save(session_id, payload, **options)


class CountsMilliseconds(Honest):
    def end(self, lifetime: int) -> float:
        return self.now() + lifetime / 1000


class KeepsTheFirstEnd(Honest):
    def save(self, session_id: str, payload: bytes, /, **options: Any) -> int | None:
        before = self.living(session_id)
        version = super().save(session_id, payload, **options)
        after = self.living(session_id)
        if before and after:
            after.end = before.end
        return version


class TakesZeroForEver(Honest):
    """As memcached and cachelib do."""

    def end(self, lifetime: int) -> float:
        return self.now() + (lifetime if lifetime > 0 else 10**12)


class CountsIn32Bits(Honest):
    def end(self, lifetime: int) -> float:
        return int(super().end(lifetime)) % 2**32 + super().end(lifetime) % 1


# --- touch, delete, clean up -------------------------------------------------------------


class TouchChangesTheVersion(Honest):
    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        entry = self.living(session_id)
        if entry:
            entry.version = self.new_version(session_id, entry.payload)
        return super().touch(session_id, lifetime=lifetime)


class TouchDoesNothing(Honest):
    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        return self.living(session_id) is not None


class TouchOnlyProlongs(Honest):
    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        entry = self.living(session_id)
        if entry and self.end(lifetime) < entry.end:
            return True
        return super().touch(session_id, lifetime=lifetime)


class TouchSaysAlwaysYes(Honest):
    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        super().touch(session_id, lifetime=lifetime)
        return True


class DeletesNothing(Honest):
    def delete(self, session_id: str, /) -> None:
        self.living(session_id)


class DeleteWantsASession(Honest):
    def delete(self, session_id: str, /) -> None:
        if self.living(session_id) is None:
            raise KeyError(session_id)
        super().delete(session_id)


class DeletesByPattern(Honest):
    def delete(self, session_id: str, /) -> None:
        super().delete(session_id)
        for key in list(self.place.kept):
            if fnmatch.fnmatchcase(key, self.key(session_id)):
                del self.place.kept[key]


class CleansUpNothing(Honest):
    def clean_up(self) -> int:
        return 0


class CleansUpEverything(Honest):
    def clean_up(self) -> int:
        super_count = super().clean_up()
        self.place.kept.clear()
        return super_count


# --- ids, neighbours, outages ------------------------------------------------------------


class IgnoresCase(Honest):
    def key(self, session_id: str) -> str:
        return super().key(session_id).lower()


class IgnoresSpaces(Honest):
    """At the end, as MariaDB's VARCHAR does."""

    def key(self, session_id: str) -> str:
        return super().key(session_id).rstrip(" ")


class TruncatesIds(Honest):
    def key(self, session_id: str) -> str:
        return super().key(session_id)[:255]


class RefusesNul(Honest):
    """As PostgreSQL does in text."""

    def key(self, session_id: str) -> str:
        if "\0" in session_id:
            raise ValueError("a text cannot hold NUL")
        return super().key(session_id)


class IgnoresThePrefix(Honest):
    def key(self, session_id: str) -> str:
        return session_id


class RaisesItsLibrarysErrors(Honest):
    def living(self, session_id: str) -> Entry | None:
        if self.place.away:
            raise RuntimeError("the library's own kind of error")
        return super().living(session_id)


class IsEmptyWhenAway(Honest):
    """Logs every visitor out while its server is away."""

    def living(self, session_id: str) -> Entry | None:
        return None if self.place.away else super().living(session_id)
