"""Sessions in files: the conformance suite, and what this store adds to it."""

from __future__ import annotations

import os
import re
import stat
import time
from pathlib import Path

import pytest

from typedflask.sessions.stores.contract import AnySessionStore, StoreOptions
from typedflask.sessions.stores.file import FileStore
from typedflask.testing.conformance.stores import StoreConformance


class Clock:
    """The time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class TestFileStore(StoreConformance):
    locks_open_by_themselves = False

    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "sessions"
        self.clock = Clock()

    def make_store(self) -> FileStore:
        return FileStore(self.folder, clock=self.clock)

    def make_second(self, store: AnySessionStore, /) -> FileStore:
        return FileStore(self.folder, clock=self.clock)

    def make_neighbour(self, store: AnySessionStore, /) -> FileStore:
        return FileStore(self.folder, prefix="other:", clock=self.clock)

    def make_unreachable(self) -> FileStore:
        store = FileStore(self.folder)
        self.folder.rmdir()
        return store

    def wait(self, seconds: float, /) -> None:
        self.clock.ahead += seconds


# --- files -------------------------------------------------------------------------------


def session_files(folder: Path) -> list[Path]:
    """The files that hold sessions: a tag and a hash."""
    return sorted(path for path in folder.iterdir() if re.fullmatch(r"\w{16}-\w{64}", path.name))


def keep(store: FileStore, session_id: str, payload: bytes = b"one", lifetime: int = 60) -> bytes:
    version = store.save(session_id, payload, lifetime=lifetime, expected=None)
    assert version is not None
    return version


class TestFiles:
    @pytest.fixture
    def store(self, tmp_path: Path) -> FileStore:
        return FileStore(tmp_path / "sessions")

    @pytest.fixture
    def folder(self, store: FileStore, tmp_path: Path) -> Path:
        return tmp_path / "sessions"

    def test_only_this_user_may_look(self, store: FileStore, folder: Path) -> None:
        keep(store, "mint")
        with store.lock("mint", wait=0, hold=1):
            assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_the_id_is_in_no_name_and_in_no_file(self, store: FileStore, folder: Path) -> None:
        keep(store, "the-secret-id")
        assert session_files(folder)
        for path in folder.iterdir():
            assert "the-secret-id" not in path.name
            assert b"the-secret-id" not in path.read_bytes()

    def test_ids_do_not_lead_out_of_the_folder(self, store: FileStore, folder: Path) -> None:
        before = set(folder.parent.iterdir())
        for session_id in ("../outside", "/../outside", str(folder.parent / "outside"), "\ud800"):
            keep(store, session_id)
        assert len(session_files(folder)) == 4
        assert set(folder.parent.iterdir()) == before

    def test_a_folder_where_everybody_may_write_is_refused(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o1777)
        with pytest.raises(ValueError, match="chmod o-w"):
            FileStore(tmp_path)

    def test_a_file_in_place_of_the_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "sessions").touch()
        with pytest.raises(ValueError, match="not a folder"):
            FileStore(tmp_path / "sessions")

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OSError, match=str(tmp_path / "file")):
            FileStore(tmp_path / "file" / "sessions")

    def test_a_folder_that_is_gone_is_an_outage_and_not_an_empty_store(
        self, store: FileStore, folder: Path
    ) -> None:
        folder.rmdir()
        with pytest.raises(FileNotFoundError, match="sessions"):
            store.load("mint")

    def test_what_was_saved_with_fsync_is_a_session_like_any_other(self, tmp_path: Path) -> None:
        keep(FileStore(tmp_path / "sessions", fsync=True), "mint", b"sure")
        found = FileStore(tmp_path / "sessions").load("mint")
        assert found is not None
        assert found.payload == b"sure"

    def test_with_fsync_the_file_and_its_name_are_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waited: list[bool] = []
        real = os.fsync

        def fsync(descriptor: int) -> None:
            waited.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)
        keep(FileStore(tmp_path / "quick"), "mint")
        assert waited == []
        keep(FileStore(tmp_path / "sure", fsync=True), "mint")
        assert waited == [False, True]

    def test_a_touch_does_not_write_the_payload(self, store: FileStore, folder: Path) -> None:
        keep(store, "mint", b"x" * 5000)
        [path] = session_files(folder)
        before = path.stat()
        assert store.touch("mint", lifetime=600)
        assert path.stat().st_ino == before.st_ino
        assert path.stat().st_size == before.st_size


class TestDamage:
    """Half a file, somebody's notes, a flipped bit: no session, and no crash."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> FileStore:
        return FileStore(tmp_path)

    def test_a_file_cut_off_anywhere_is_no_session(self, store: FileStore, tmp_path: Path) -> None:
        version = keep(store, "mint", b"payload")
        [path] = session_files(tmp_path)
        whole = path.read_bytes()
        for length in range(len(whole)):
            path.write_bytes(whole[:length])
            assert store.load("mint") is None, length
            assert not store.touch("mint", lifetime=60)
            assert store.save("mint", b"lost", lifetime=60, expected=version) is None
        path.write_bytes(whole)
        assert store.load("mint") is not None

    def test_a_file_with_any_byte_changed_is_no_session(
        self, store: FileStore, tmp_path: Path
    ) -> None:
        keep(store, "mint", b"payload")
        [path] = session_files(tmp_path)
        whole = path.read_bytes()
        for place, byte in enumerate(whole):
            path.write_bytes(whole[:place] + bytes([byte ^ 1]) + whole[place + 1 :])
            assert store.load("mint") is None, place

    @pytest.mark.parametrize(
        "content", [b"", b"\0" * 500, b"somebody's notes", b"tf-sess1" + b"\0" * 100]
    )
    def test_what_is_no_session_gives_way_to_a_new_one(
        self, store: FileStore, tmp_path: Path, content: bytes
    ) -> None:
        keep(store, "mint")
        [path] = session_files(tmp_path)
        path.write_bytes(content)
        assert store.load("mint") is None
        keep(store, "mint", b"new")
        found = store.load("mint")
        assert found is not None
        assert found.payload == b"new"

    def test_a_header_caught_half_written_is_read_again(
        self, store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A touch writes the header in its place, so a reader may come in between."""
        keep(store, "mint")
        [path] = session_files(tmp_path)
        real = Path.read_bytes
        looks: list[Path] = []

        def read_bytes(self: Path) -> bytes:
            looks.append(self)
            return b"half" if len(looks) == 1 else real(self)

        monkeypatch.setattr(Path, "read_bytes", read_bytes)
        assert store.load("mint") is not None
        assert looks == [path, path]

    def test_a_folder_in_place_of_a_file_is_an_error_that_names_it(
        self, store: FileStore, tmp_path: Path
    ) -> None:
        keep(store, "mint")
        [path] = session_files(tmp_path)
        path.unlink()
        path.mkdir()
        with pytest.raises(IsADirectoryError, match=path.name):
            store.load("mint")
        assert store.clean_up() == 0
        assert path.is_dir()

    def test_somebodys_link_is_not_written_through(self, store: FileStore, tmp_path: Path) -> None:
        """Whoever can plant a link must not have us write into another file of ours."""
        keep(store, "mint")
        [path] = session_files(tmp_path)
        target = tmp_path / "precious"
        target.write_text("precious")
        path.unlink()
        path.with_name(f"{path.name}.new").symlink_to(target)
        with pytest.raises(OSError, match=path.name):
            store.save("mint", b"one", lifetime=60, expected=None)
        assert target.read_text() == "precious"


class TestCleaningUp:
    def test_everything_that_is_not_this_stores_stays(self, tmp_path: Path) -> None:
        clock = Clock()
        store = FileStore(tmp_path, prefix="ours", clock=clock)
        theirs = FileStore(tmp_path, prefix="theirs", clock=clock)
        keep(store, "mint", lifetime=1)
        keep(theirs, "mint", lifetime=1)
        [name] = {path.name for path in session_files(tmp_path)} - {
            f"{theirs._tag}-{path.name[17:]}" for path in session_files(tmp_path)
        }
        for other in ("notes.txt", f"{name}.bak", f"{name}x", name[:-1], ".hidden", "a.new"):
            (tmp_path / other).write_text("mine")
        (tmp_path / f"{name}.lock").symlink_to(tmp_path / "notes.txt")
        before = {path.name for path in tmp_path.iterdir()}
        clock.ahead = 2
        assert store.clean_up() == 1
        assert before - {path.name for path in tmp_path.iterdir()} == {name}

    def test_what_a_dead_process_left_behind_is_removed(self, tmp_path: Path) -> None:
        store = FileStore(tmp_path)
        keep(store, "mint")
        [path] = session_files(tmp_path)
        for kind in (".new", ".lock"):
            path.with_name(path.name + kind).write_bytes(b"half")
        assert store.clean_up() == 0
        assert store.load("mint") is not None
        assert not list(tmp_path.glob("*.new"))
        assert not list(tmp_path.glob("*.lock"))

    def test_damaged_sessions_are_removed_and_counted(self, tmp_path: Path) -> None:
        store = FileStore(tmp_path)
        for name in ("mint", "sage", "dill"):
            keep(store, name, b"payload")
        cut, empty, _ = session_files(tmp_path)
        cut.write_bytes(cut.read_bytes()[:-1])
        empty.write_bytes(b"")
        assert store.clean_up() == 2
        assert len(session_files(tmp_path)) == 1

    def test_a_lock_that_is_held_stays(self, tmp_path: Path) -> None:
        store = FileStore(tmp_path)
        with store.lock("mint", wait=0, hold=1):
            store.clean_up()
            with (
                pytest.raises(TimeoutError),
                FileStore(tmp_path).lock("mint", wait=0, hold=1),
            ):
                pytest.fail("two have the lock")

    def test_locks_leave_no_files(self, tmp_path: Path) -> None:
        store = FileStore(tmp_path)
        for number in range(50):
            with store.lock(f"visitor-{number}", wait=0, hold=1):
                pass
        assert list(tmp_path.iterdir()) == []

    def test_writers_share_a_limited_number_of_lock_files(self, tmp_path: Path) -> None:
        store = FileStore(tmp_path)
        for number in range(300):
            keep(store, f"visitor-{number}")
            store.delete(f"visitor-{number}")
        assert len(list(tmp_path.iterdir())) <= 64


class TestConfigured:
    def options(self, tmp_path: Path, location: str | None, prefix: str = "") -> StoreOptions:
        return StoreOptions(location=location, prefix=prefix, instance_path=str(tmp_path / "inst"))

    @pytest.mark.parametrize(
        ("location", "place"),
        [(None, "inst/sessions"), ("kept/here", "inst/kept/here"), ("{tmp}/there", "there")],
    )
    def test_a_folder_is_relative_to_the_instance_folder(
        self, tmp_path: Path, location: str | None, place: str
    ) -> None:
        location = location and location.format(tmp=tmp_path)
        store = FileStore.configured(self.options(tmp_path, location))
        keep(store, "mint")
        assert session_files(tmp_path / place)

    def test_the_prefix_sets_applications_apart(self, tmp_path: Path) -> None:
        ours, theirs = (
            FileStore.configured(self.options(tmp_path, None, prefix)) for prefix in ("a:", "b:")
        )
        keep(ours, "mint")
        assert theirs.load("mint") is None

    @pytest.mark.parametrize(
        ("location", "what"), [("redis://:s3cret@127.0.0.1/0", r"redis://…"), ("", "empty")]
    )
    def test_what_is_no_folder_is_refused(self, tmp_path: Path, location: str, what: str) -> None:
        with pytest.raises(ValueError, match=rf"SESSION_STORE is .*{what}.* folder") as caught:
            FileStore.configured(self.options(tmp_path, location))
        assert "s3cret" not in str(caught.value)

    def test_a_folder_that_cannot_be_made_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "inst").touch()
        with pytest.raises(ValueError, match="cannot be kept in"):
            FileStore.configured(self.options(tmp_path, None))
