"""Sessions in files between processes: none is lost, and a death or a full disk does no harm."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from typedflask.sessions.stores.file import FileStore
from typedflask.sessions.stores.file_lock import locked


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def session_files(folder: Path) -> list[Path]:
    """The files that hold sessions: a tag and a hash."""
    return sorted(path for path in folder.iterdir() if re.fullmatch(r"\w{16}-\w{64}", path.name))


def keep(store: FileStore, session_id: str, payload: bytes = b"one", lifetime: int = 60) -> bytes:
    version = store.save(session_id, payload, lifetime=lifetime, expected=None)
    assert version is not None
    return version


class TestProcesses:
    """Several processes with one folder, and what happens when one dies or finds no room."""

    def test_no_update_is_lost_between_processes(self, tmp_path: Path) -> None:
        code = """
            import sys
            from typedflask.sessions.stores.file import FileStore

            store = FileStore(sys.argv[1])
            for _ in range(100):
                while True:
                    found = store.load("counter")
                    count = int(found.payload) if found else 0
                    expected = found.version if found else None
                    new = b"%d" % (count + 1)
                    if store.save("counter", new, lifetime=60, expected=expected) is not None:
                        break
        """
        processes = [run(code, tmp_path) for _ in range(4)]
        for process in processes:
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors
        found = FileStore(tmp_path).load("counter")
        assert found is not None
        assert found.payload == b"400"

    def test_nothing_is_lost_under_the_lock_either(self, tmp_path: Path) -> None:
        code = """
            import sys
            from pathlib import Path
            from typedflask.sessions.stores.file import FileStore

            store, counter = FileStore(sys.argv[1]), Path(sys.argv[2])
            for _ in range(100):
                with store.lock("counter", wait=30, hold=1):
                    counter.write_text(str(int(counter.read_text()) + 1))
        """
        counter = tmp_path / "counter"
        counter.write_text("0")
        processes = [run(code, tmp_path / "sessions", counter) for _ in range(4)]
        for process in processes:
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors
        assert counter.read_text() == "400"

    def test_the_lock_of_a_process_that_is_killed_is_free(self, tmp_path: Path) -> None:
        code = """
            import sys, time
            from typedflask.sessions.stores.file import FileStore

            with FileStore(sys.argv[1]).lock("mint", wait=0, hold=1):
                print("locked", flush=True)
                time.sleep(60)
        """
        store = FileStore(tmp_path)
        process = run(code, tmp_path)
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        with pytest.raises(TimeoutError), store.lock("mint", wait=0, hold=1):
            pytest.fail("two processes have the lock")
        process.kill()
        process.communicate()
        with store.lock("mint", wait=5, hold=1):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_a_writer_that_is_killed_leaves_a_whole_session(self, tmp_path: Path) -> None:
        code = """
            import sys
            from typedflask.sessions.stores.file import FileStore

            store = FileStore(sys.argv[1])
            found = store.load("mint")
            version = found.version if found else None
            for turn in range(1_000_000):
                payload = bytes([turn % 256]) * 2_000_000
                version = store.save("mint", payload, lifetime=60, expected=version)
                if turn == 0:
                    print("writing", flush=True)
        """
        store = FileStore(tmp_path)
        for pause in (0, 0.003, 0.007, 0.013):
            process = run(code, tmp_path)
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
            time.sleep(pause)
            process.kill()
            process.communicate()
            found = store.load("mint")
            assert found is not None
            assert found.payload == found.payload[:1] * 2_000_000
        assert store.clean_up() == 0
        assert len(session_files(tmp_path)) == 1
        assert not list(tmp_path.glob("*.new"))

    def test_a_disk_without_room_is_an_error_that_names_the_file(self, tmp_path: Path) -> None:
        """The limit of a process on the size of files stands in for a full disk."""
        code = """
            import resource, sys
            from typedflask.sessions.stores.file import FileStore

            store = FileStore(sys.argv[1])
            version = store.save("mint", b"one", lifetime=60, expected=None)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
            try:
                store.save("mint", bytes(200_000), lifetime=60, expected=version)
            except OSError as error:
                print(error.filename)
            print(store.load("mint").payload, store.load("mint").version == version)
        """
        process = run(code, tmp_path)
        output, errors = process.communicate(timeout=60)
        [path] = session_files(tmp_path)
        assert output.splitlines() == [f"{path}.new", "b'one' True"], errors
        assert not list(tmp_path.glob("*.new"))

    def test_a_writer_that_never_ends_is_an_outage(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A stopped process must not have every other one wait for ever."""
        monkeypatch.setattr("typedflask.sessions.stores.file.WRITERS_WAIT", 0.05)
        store = FileStore(tmp_path)
        keep(store, "mint")
        [writers] = tmp_path.glob("*-writers-*")
        with locked(writers, wait=0):
            with pytest.raises(TimeoutError, match="writers"):
                store.save("mint", b"two", lifetime=60, expected=None)
            assert store.load("mint") is not None

    def test_without_file_locks_the_error_says_what_to_take(self) -> None:
        code = """
            import sys
            sys.modules["fcntl"] = None
            try:
                import typedflask.sessions.stores.file
            except ImportError as error:
                print(error)
        """
        output, _ = run(code).communicate(timeout=60)
        assert "SQLAlchemyStore" in output

    def test_a_file_system_without_locks_is_an_error_that_names_the_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def flock(descriptor: int, operation: int) -> None:
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr("fcntl.flock", flock)
        with pytest.raises(OSError, match=r"No locks available.*writers"):
            FileStore(tmp_path).save("mint", b"one", lifetime=60, expected=None)

    def test_a_session_that_is_used_again_while_it_is_cleaned_up_stays(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between the look at its header and the lock another process may have saved it anew."""
        now = time.time()
        store = FileStore(tmp_path, clock=lambda: now)
        keep(store, "mint", lifetime=1)
        now += 2
        look = store._is_useful

        def look_and_save(key: str) -> bool:
            useful = look(key)
            keep(FileStore(tmp_path, clock=lambda: now), "mint", b"new")
            return useful

        monkeypatch.setattr(store, "_is_useful", look_and_save)
        assert store.clean_up() == 0
        assert store.load("mint") is not None

    def test_what_another_process_removes_while_it_is_cleaned_up_is_not_counted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = time.time()
        store = FileStore(tmp_path, clock=lambda: now)
        for name in ("mint", "sage"):
            keep(store, name, lifetime=1)
        now += 2
        look = store._is_useful

        def look_and_remove(key: str) -> bool:
            useful = look(key)
            for path in session_files(tmp_path):
                path.unlink()
            return useful

        monkeypatch.setattr(store, "_is_useful", look_and_remove)
        assert store.clean_up() == 0
