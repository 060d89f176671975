"""Sessions on the server beside the rest of the framework."""

from __future__ import annotations

from typing import Any, TypedDict

import pytest

from tests.kept_sessions import (
    PlainStore,
    Shop,
    begin,
    cookie_of,
    getting,
    setting,
)
from typedflask import (
    Flask,
    Request,
    Response,
    flash,
    get_flashed_messages,
    request,
    session,
    stream_with_context,
    typed_session,
)
from typedflask.json.tag import TaggedJSONSerializer
from typedflask.sessions import ServerSideSession, ServerSideSessions


def messages() -> list[str]:
    return get_flashed_messages()


# --- with the rest of the framework -----------------------------------------------------------


class Basket(TypedDict, total=False):
    items: list[str]
    count: int
    anything: object


basket = typed_session(Basket)


class TestWithTheFramework:
    def test_messages_are_flashed_and_shown_once(self) -> None:
        shop = Shop()
        client = shop.client()
        shop.ask(client, lambda: flash("well done", "praise"))

        show = shop.ask(client, lambda: get_flashed_messages(with_categories=True))
        assert show.text == "[('praise', 'well done')]"
        assert shop.ask(client, messages).text == "[]"
        assert shop.store.kept == {}

    def test_the_test_client_opens_and_changes_it(self) -> None:
        shop = Shop()
        client = shop.client()
        with client.session_transaction() as opened:
            opened["a"] = 1
        assert shop.ask(client, getting("a")).text == "1"
        with client.session_transaction() as opened:
            assert opened["a"] == 1
            opened["a"] = 2

        assert shop.ask(client, getting("a")).text == "2"

    def test_the_test_client_looks_at_it_after_a_request(self) -> None:
        shop = Shop()
        with shop.client() as client:
            shop.ask(client, setting("a", 1))
            assert session["a"] == 1
            assert isinstance(session, ServerSideSession)

    def test_declared_items_are_checked_by_its_serializer(self) -> None:
        shop = Shop()
        client = shop.client()
        shop.ask(client, lambda: basket.data.update({"items": ["tea"], "count": 1}))
        shop.ask(client, lambda: basket.data["items"].append("jam"))

        assert shop.ask(client, lambda: basket.data["items"]).text == "['tea', 'jam']"
        with pytest.raises(TypeError, match="ServerSideSessions cannot store it"):
            shop.ask(client, lambda: basket.data.update({"anything": object()}))

    def test_a_declared_session_gets_a_new_id_too(self) -> None:
        shop = Shop()
        client = shop.client()
        shop.ask(client, lambda: basket.data.update({"count": 1}))
        before = shop.store.only
        shop.ask(client, basket.regenerate)

        assert shop.store.only != before
        assert shop.ask(client, lambda: basket.data["count"]).text == "1"

    def test_a_stream_reads_it(self) -> None:
        shop = Shop()

        @shop.app.get("/stream")
        def stream() -> Response:
            return Response(stream_with_context(str(session["a"]) for _ in range(3)))

        client = begin(shop)

        assert client.get("/stream").text == "111"

    def test_without_a_secret_key_there_are_no_sessions(self) -> None:
        shop = Shop()
        shop.app.secret_key = None

        assert shop.ask(shop.client(), getting("a")).text == "None"
        with pytest.raises(RuntimeError, match="no secret key is set"):
            shop.ask(shop.client(), setting("a", 1))

    def test_a_key_that_disappears_during_a_request_is_told(self) -> None:
        shop = Shop()

        def lose() -> None:
            session["a"] = 1
            shop.app.secret_key = None

        with pytest.raises(RuntimeError, match="no secret key is set"):
            shop.ask(shop.client(), lose)

    def test_a_response_that_is_replaced_after_saving_still_has_the_cookie(self) -> None:
        """The session is saved twice then: once for each response."""
        from typedflask import request_finished

        shop = Shop()
        shop.app.testing = False
        client = shop.client()

        def fail(sender: object, **_: object) -> None:
            raise LookupError("the first response is lost")

        with request_finished.connected_to(fail, shop.app):
            response = shop.ask(client, setting("a", 1))
        assert response.status_code == 500
        assert "Set-Cookie" in response.headers
        assert shop.ask(client, getting("a")).text == "1"

        with request_finished.connected_to(fail, shop.app):
            response = shop.ask(client, lambda: session.pop("a"))
        assert response.headers["Set-Cookie"].startswith("session=;")

    def test_the_session_of_a_view_that_failed_is_saved_with_its_500(self) -> None:
        shop = Shop()
        shop.app.testing = False
        client = shop.client()

        def fail() -> None:
            session["a"] = 1
            raise LookupError("not found")

        assert shop.ask(client, fail).status_code == 500
        assert shop.ask(client, getting("a")).text == "1"

    def test_a_session_class_of_ones_own_reaches_the_view(self) -> None:
        class Counting(ServerSideSession):
            def count(self) -> int:
                self["n"] = self.get("n", 0) + 1
                return int(self["n"])

        class Counted(ServerSideSessions):
            session_class = Counting

        shop = Shop()
        shop.app.session_interface = Counted(shop.store)
        client = shop.client()

        def count() -> int:
            assert isinstance(session, Counting)
            return session.count()

        assert [shop.ask(client, count).text for _ in range(3)] == ["1", "2", "3"]

    def test_a_serializer_of_ones_own_writes_the_data(self) -> None:
        class Upside(TaggedJSONSerializer):
            def dumps(self, value: object) -> str:
                return super().dumps(value)[::-1]

            def loads(self, value: str | bytes) -> Any:
                return super().loads(value[::-1])

        shop = Shop(serializer=Upside())
        client = shop.client()
        shop.ask(client, setting("a", (1, 2)))

        assert shop.store.payload.endswith(b'}}]2,1[:"t "{:"a"{')
        assert shop.ask(client, getting("a")).text == "(1, 2)"

    def test_it_tells_whether_it_began_with_this_request(self) -> None:
        shop = Shop()
        client = shop.client()

        assert shop.ask(client, lambda: [session.update(a=1), session.new][1]).text == "True"
        assert shop.ask(client, lambda: session.new).text == "False"

    def test_two_applications_may_share_a_store(self) -> None:
        store = PlainStore()
        one, two = Shop(store), Shop(store)
        client, other = one.client(), two.client()
        one.ask(client, setting("a", 1))
        other.set_cookie("session", cookie_of(client))

        assert two.ask(other, getting("a")).text == "1", "with the same key it is the same session"

    def test_a_name_of_the_cookie_by_request(self) -> None:
        class Named(ServerSideSessions):
            def get_cookie_name(self, app: Flask) -> str:
                return f"session-{request.headers.get('X-Tenant', 'none')}"

            def open_session(self, app: Flask, request: Request) -> ServerSideSession | None:
                return super().open_session(app, request)

        shop = Shop()
        shop.app.session_interface = Named(shop.store)
        client = shop.client()
        shop.ask(client, setting("a", 1), headers={"X-Tenant": "b"})

        assert client.get_cookie("session-b") is not None
        assert shop.ask(client, getting("a"), headers={"X-Tenant": "b"}).text == "1"
        assert shop.ask(client, getting("a"), headers={"X-Tenant": "c"}).text == "None"
