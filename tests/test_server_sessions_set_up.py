"""Making the backend: its options, what the configuration says, and the command that cleans up."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from tests.kept_sessions import LockingStore, PlainStore, Shop, begin, getting
from typedflask import Flask, Request, Response, session
from typedflask.backends import MissingLibrary
from typedflask.sessions import SecureCookieSession, ServerSideSessions
from typedflask.sessions.server_side import from_config
from typedflask.sessions.stores.memory import MemoryStore


class MissingTwo:
    """A store whose author is not done."""

    load = save = delete = print


class TestOptions:
    @pytest.mark.parametrize("name", ["lock_hold", "absolute_lifetime"])
    @pytest.mark.parametrize("value", [0, -1, timedelta(0)])
    def test_a_time_is_above_zero(self, name: str, value: Any) -> None:
        with pytest.raises(ValueError, match=f"{name} is a time in seconds"):
            ServerSideSessions(PlainStore(), **{name: value})

    def test_waiting_may_be_left_out_but_not_be_negative(self) -> None:
        assert ServerSideSessions(PlainStore(), lock_wait=0).lock_wait == 0
        with pytest.raises(ValueError, match="lock_wait"):
            ServerSideSessions(PlainStore(), lock_wait=-1)

    @pytest.mark.parametrize(
        ("store", "message"),
        [
            (PlainStore, "the store is the class PlainStore; make an object of it first"),
            (
                {},
                "dict cannot be a store of sessions; it has no load, save, touch, delete, clean_up",
            ),
            (MissingTwo(), "MissingTwo cannot be a store of sessions; it has no touch, clean_up"),
        ],
        ids=["a class", "a dict", "an unfinished store"],
    )
    def test_what_is_no_store_is_refused_at_once(self, store: Any, message: str) -> None:
        with pytest.raises(TypeError) as caught:
            ServerSideSessions(store)
        assert str(caught.value) == message

    def test_an_outage_has_two_answers(self) -> None:
        wrong: Any = "panic"
        with pytest.raises(ValueError, match="'unavailable' or 'read-only', not 'panic'"):
            ServerSideSessions(PlainStore(), on_outage=wrong)

    def test_an_absolute_lifetime_below_a_second_is_one(self) -> None:
        assert ServerSideSessions(PlainStore(), absolute_lifetime=0.5).absolute_lifetime == 1

    def test_a_lifetime_of_nothing_ends_sessions_soon_and_not_never(self) -> None:
        shop = Shop()
        shop.app.permanent_session_lifetime = 0
        begin(shop)

        assert 0 < shop.store.seconds_left() <= 1

    def test_encryption_without_its_library_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
        monkeypatch.delitem(sys.modules, "typedflask.sessions.encryption", raising=False)
        with pytest.raises(MissingLibrary, match=r'pip install "typedflask\[encryption\]"'):
            ServerSideSessions(PlainStore(), encrypt=True)

    def test_nothing_of_it_is_imported_where_sessions_are_in_cookies(self) -> None:
        code = (
            "import sys, typedflask.sessions; "
            "print([name for name in sys.modules if 'server_side' in name or 'crypto' in name])"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert run.stdout.strip() == "[]"


class TestConfiguration:
    def test_every_key_is_a_parameter(self) -> None:
        app = Flask("shop")
        app.config.update(
            SESSION_LOCKING=True,
            SESSION_LOCK_WAIT=3.5,
            SESSION_ABSOLUTE_LIFETIME=timedelta(hours=1),
            SESSION_ENCRYPT=True,
            SESSION_OUTAGE="read-only",
        )
        store = LockingStore()
        backend = from_config(app, store)

        assert backend.store is store
        assert backend.lock_wait == 3.5
        assert backend.absolute_lifetime == 3600
        assert backend.on_outage == "read-only"
        app.session_interface, app.secret_key = backend, "key"
        app.add_url_rule("/", "set", lambda: str(session.setdefault("a", 1)))
        client = app.test_client()
        client.get("/")
        client.get("/")
        assert "lock" in store.log
        assert b"sealed" in store.payload

    def test_the_defaults_are_those_of_the_parameters(self) -> None:
        backend, default = (
            from_config(Flask("shop"), PlainStore()),
            ServerSideSessions(PlainStore()),
        )

        own = {"store": 0, "_without": 0}
        assert vars(backend) | own == vars(default) | own

    def test_a_store_is_named_by_the_configuration(self) -> None:
        app = Flask("shop")
        app.config.update(SESSION_BACKEND="memory", SECRET_KEY="key")

        @app.get("/")
        def count() -> str:
            session["n"] = session.get("n", 0) + 1
            return str(session["n"])

        client = app.test_client()
        assert [client.get("/").text for _ in range(3)] == ["1", "2", "3"]
        assert isinstance(app.session_interface, ServerSideSessions)
        assert isinstance(app.session_interface.store, MemoryStore)


class Elsewhere:
    """A backend that knows nothing of cleaning up."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        raise NotImplementedError


class TestCleaningUp:
    def run(self, app: Flask, *args: str) -> tuple[int, str]:
        from typedflask.cli import cli

        result = app.test_cli_runner().invoke(cli, ["sessions", "clean", *args])
        return result.exit_code, result.output.strip()

    @pytest.mark.parametrize(
        ("count", "said"),
        [(0, "0 expired sessions"), (1, "1 expired session"), (3, "3 expired sessions")],
    )
    def test_it_says_how_many_were_removed(self, count: int, said: str) -> None:
        shop = Shop()
        kept = begin(shop)
        for _ in range(count):
            begin(shop)
        for session_id, (stored, _) in [*shop.store.kept.items()][1:]:
            shop.store.kept[session_id] = (stored, 0.0)

        assert self.run(shop.app) == (0, f"Removed {said}.")
        assert shop.ask(kept, getting("a")).text == "1"

    def test_with_sessions_in_cookies_there_is_nothing_to_do(self) -> None:
        status, output = self.run(Flask("shop"))

        assert status == 0
        assert "nothing to clean up" in output
        assert "cookies" in output

    def test_a_backend_that_cannot_is_named(self) -> None:
        status, output = self.run(Flask("shop", session=Elsewhere()))

        assert status == 1
        assert "Elsewhere cannot be cleaned up from here: it has no method `clean_up`" in output

    def test_a_store_that_is_away_is_an_error_without_a_traceback(self) -> None:
        shop = Shop()
        shop.store.away = {"clean_up"}
        status, output = self.run(shop.app)

        assert status == 1
        assert (
            output
            == "Error: The store of the sessions is away: ConnectionError: nobody answers clean_up"
        )

    def test_an_applications_own_command_of_the_name_wins(self) -> None:
        app = Flask("shop")
        app.cli.command("sessions")(lambda: print("ours"))
        from typedflask.cli import cli

        assert app.test_cli_runner().invoke(cli, ["sessions"]).output.strip() == "ours"

    def test_an_application_that_does_not_load_says_why(self) -> None:
        from click.testing import CliRunner

        from typedflask.cli import FlaskGroup

        tried: list[str] = []

        def create() -> Flask:
            tried.append("to load it")
            raise LookupError("no settings")

        result = CliRunner().invoke(FlaskGroup(create_app=create), ["sessions", "clean"])
        assert isinstance(result.exception, LookupError)
        assert tried == ["to load it"]
