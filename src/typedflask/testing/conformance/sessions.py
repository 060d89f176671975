"""What every session backend must do, as a pytest class to subclass: `SessionConformance`.

The backend is tried in a real application by a test client that keeps cookies. What the tests
need to know of it is in `session_making.py`; each failure says what to mend.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from typedflask.flashing import flash, get_flashed_messages
from typedflask.proxies import session
from typedflask.sessions.asking import release_session
from typedflask.sessions.contract import AnySessionBackend
from typedflask.testing.conformance.session_making import Action, SessionMaking, SessionSite
from typedflask.testing.conformance.session_values import CHANGES, LOOKS, PLAIN, TAGGED, TAMPERED

SECURE_SITE: Final = "https://www.shop.test"


# The session is a proxy, and none of a request's outside of one: its methods are looked up late.


def _clear() -> None:
    session.clear()


def _regenerate() -> None:
    session.regenerate()


def _show_messages() -> object:
    return get_flashed_messages(with_categories=True)


def _make_permanent() -> None:
    session.permanent = True


class SessionConformance(SessionMaking):
    """The tests of a session backend: subclass, name it `Test…`, and define `make_backend`.

    ::

        class TestAtticSessions(SessionConformance):
            def make_backend(self) -> AtticSessions:
                return AtticSessions()

    The flags of `SessionMaking` say what the backend promises beyond what all of them do; the
    tests of what it does not promise are skipped. One test waits some three seconds.
    """

    # --- what is put in is found ---------------------------------------------------------

    def test_a_new_visitors_session_is_empty(self, site: SessionSite) -> None:
        """And not None, and not another visitor's."""
        assert site.content(site.visitor()) == {}, "a new visitor must find an empty session"
        site.beginning(a=1)
        assert site.content(site.visitor()) == {}, "a new visitor found another one's session"

    @pytest.mark.parametrize("value", PLAIN.values(), ids=PLAIN)
    def test_what_one_request_puts_in_the_next_one_finds(
        self, site: SessionSite, value: object
    ) -> None:
        """Every value that JSON has a word for."""
        self.carries(site, value)

    @pytest.mark.parametrize("value", TAGGED.values(), ids=TAGGED)
    def test_values_that_json_has_no_word_for_come_back_as_they_were(
        self, site: SessionSite, value: object
    ) -> None:
        """Those that `typedflask.json.tag` knows; where `carries_tagged` promises it."""
        self.require(self.carries_tagged, "carries_tagged")
        self.carries(site, value)

    def carries(self, site: SessionSite, value: object) -> None:
        """Put a value in, and find it."""
        found = site.content(site.beginning(value=value)).get("value")
        assert found == value, f"{value!r} was put in, and {found!r} found by the next request"
        assert type(found) is type(value), (
            f"a {type(value).__name__} was put in, and a {type(found).__name__} came back"
        )

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_every_change_is_saved(self, site: SessionSite, change: Action) -> None:
        """In whatever way a dict can be changed."""
        visitor = site.beginning(a=1, b=2)

        def act() -> object:
            change()
            return dict(session)

        wanted = site.ask(visitor, act).found
        assert site.content(visitor) == wanted, "a change was not saved; is `modified` set by it?"

    def test_a_change_inside_of_a_value_is_saved_when_told(self, site: SessionSite) -> None:
        """`modified = True` says so; a backend may notice by itself."""
        visitor = site.beginning(list=[1])

        def append() -> None:
            session["list"].append(2)
            session.modified = True

        site.ask(visitor, append)
        assert site.content(visitor) == {"list": [1, 2]}, "`modified = True` must have it saved"

    def test_what_is_not_touched_stays(self, site: SessionSite) -> None:
        """Through requests that look, that change something else, and that do nothing."""
        visitor = site.beginning(a=1)
        site.ask(visitor)
        site.ask(visitor, lambda: session.get("a"))
        site.ask(visitor, lambda: session.update(b=2))
        assert site.content(visitor) == {"a": 1, "b": 2}, "an item that nobody touched was lost"

    def test_visitors_do_not_share_a_session(self, site: SessionSite) -> None:
        """Whoever comes in between."""
        ada, bob = site.beginning(name="Ada"), site.beginning(name="Bob")
        assert site.content(ada) == {"name": "Ada"}, "one visitor found another one's session"
        assert site.content(bob) == {"name": "Bob"}, "one visitor found another one's session"

    def test_a_session_remembers_that_it_is_permanent(self, site: SessionSite) -> None:
        """`permanent` is kept with the rest."""
        visitor = site.beginning(a=1)
        site.ask(visitor, lambda: setattr(session, "permanent", True))
        found = site.ask(visitor, lambda: session.permanent).found
        assert found is True, "`permanent = True` must be found by the next request"

    def test_a_value_that_cannot_be_kept_is_an_error_that_names_it(self, site: SessionSite) -> None:
        """A TypeError with the key; nothing of the request is saved then."""
        visitor = site.beginning(a=1)
        strange, told = object(), ""
        try:
            site.ask(visitor, lambda: session.update(a=2, strange=strange))
        except TypeError as error:
            told = str(error)
        found = site.content(visitor)
        if not told:
            assert found == {"a": 2, "strange": strange}, (
                "a value that cannot be kept must be a TypeError, and was dropped instead"
            )
            return
        assert "strange" in told, f"the error must name the key: {told}"
        assert found == {"a": 1}, "half of the changes were saved"

    # --- headers -------------------------------------------------------------------------

    def test_a_session_that_nobody_touches_leaves_no_trace(self, site: SessionSite) -> None:
        """No cookie, and nothing that keeps caches from storing the page."""
        for visitor in (site.visitor(), site.beginning(a=1)):
            headers = site.ask(visitor).response.headers
            assert "Set-Cookie" not in headers, "an untouched session must send no cookie"
            assert "Vary" not in headers, "an untouched session must not make the page vary"

    def test_a_visitor_who_stores_nothing_gets_no_cookie(self, site: SessionSite) -> None:
        """Looking is not storing."""
        headers = site.ask(site.visitor(), lambda: session.get("a")).response.headers
        assert "Set-Cookie" not in headers, "an empty session must send no cookie"

    @pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
    def test_a_page_that_looked_at_the_session_varies_by_cookie(
        self, site: SessionSite, look: Action
    ) -> None:
        """Or a cache would show one visitor's page to another."""
        response = site.ask(site.beginning(a=1), look).response
        assert "cookie" in response.headers.get("Vary", "").lower(), (
            "a response that depends on the session must say `Vary: Cookie`"
        )
        assert "Set-Cookie" not in response.headers, "a session that was only read is not sent"

    def test_a_page_that_changed_the_session_varies_by_cookie(self, site: SessionSite) -> None:
        """The same, for writing."""
        response = site.ask(site.visitor(), lambda: session.update(a=1)).response
        assert "cookie" in response.headers.get("Vary", "").lower(), (
            "a response that depends on the session must say `Vary: Cookie`"
        )

    def test_the_cookie_is_what_the_configuration_says(self, site: SessionSite) -> None:
        """Name, path, domain and every attribute; inherit from `SessionInterface` to have it."""
        site.app.config.update(
            SESSION_COOKIE_NAME="sid",
            SESSION_COOKIE_DOMAIN="shop.test",
            SESSION_COOKIE_PATH="/",
            SESSION_COOKIE_SECURE=True,
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Strict",
            SESSION_COOKIE_PARTITIONED=True,
        )
        visitor = site.visitor()
        sent = site.ask(visitor, lambda: session.update(a=1), base_url=SECURE_SITE).response
        header = sent.headers.get("Set-Cookie", "")
        name, *attributes = header.split("; ")
        assert name.startswith("sid="), f"SESSION_COOKIE_NAME is 'sid', and sent was {header!r}"
        for attribute in (
            *("Domain=shop.test", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"),
            "Partitioned",
        ):
            assert attribute in attributes, f"{attribute} is configured, and sent was {header!r}"
        site.app.config["SESSION_COOKIE_HTTPONLY"] = False
        sent = site.ask(visitor, lambda: session.update(a=2), base_url=SECURE_SITE).response
        assert "HttpOnly" not in sent.headers.get("Set-Cookie", ""), "HttpOnly was switched off"

    def test_a_permanent_cookie_ends_and_another_does_not(self, site: SessionSite) -> None:
        """`PERMANENT_SESSION_LIFETIME` from now; without `permanent`, with the browser."""
        site.app.permanent_session_lifetime = timedelta(hours=2)
        visitor = site.visitor()
        for permanent in (False, True):
            site.ask(visitor, _make_permanent if permanent else lambda: session.update(a=1))
            [cookie] = site.cookies(visitor)
            if not permanent:
                assert cookie.expires is None, (
                    "a session that is not permanent ends with the browser"
                )
            else:
                assert cookie.expires is not None, "a permanent session's cookie needs `Expires`"
                off = cookie.expires - datetime.now(UTC) - timedelta(hours=2)
                assert abs(off) < timedelta(minutes=1), "`Expires` is not the lifetime from now"

    # --- the end -------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "empty",
        [_clear, lambda: session.pop("a")],
        ids=["clear", "the last item removed"],
    )
    def test_an_emptied_session_takes_its_cookie_away(
        self, site: SessionSite, empty: Action
    ) -> None:
        """With the name, path and domain it was set with, or browsers keep it."""
        site.app.config.update(SESSION_COOKIE_PATH="/", SESSION_COOKIE_DOMAIN="shop.test")
        visitor = site.visitor()
        options = {"base_url": SECURE_SITE}
        site.ask(visitor, lambda: session.update(a=1), **options)
        response = site.ask(visitor, empty, **options).response
        header = response.headers.get("Set-Cookie", "")
        assert "Max-Age=0" in header or "Expires=Thu, 01 Jan 1970" in header, (
            f"an emptied session must take its cookie away; sent was {header!r}"
        )
        assert "Domain=shop.test" in header, "a cookie goes away only with its own domain"
        found = site.ask(visitor, lambda: dict(session), **options).found
        assert found == {}, "an emptied session was not empty for the next request"

    def test_after_clearing_a_session_can_begin_anew(self, site: SessionSite) -> None:
        """In the same request: a message after a logout, a login after a clear."""
        visitor = site.beginning(a=1)

        def begin_anew() -> None:
            session.clear()
            session["b"] = 2

        site.ask(visitor, begin_anew)
        assert site.content(visitor) == {"b": 2}, "what was put in after `clear` was lost"

    def test_a_permanent_session_that_is_not_used_ends(self, site: SessionSite) -> None:
        """After `PERMANENT_SESSION_LIFETIME`, here a second, whatever the browser keeps."""
        site.app.permanent_session_lifetime = timedelta(seconds=1)
        visitor = site.beginning(a=1)
        cookies = site.cookies(visitor)
        self.wait(3)
        site.give(visitor, cookies)
        assert site.content(visitor) == {}, "a session was found after its lifetime"

    # --- bad cookies ---------------------------------------------------------------------

    @pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
    def test_a_cookie_that_was_tampered_with_is_a_new_session(
        self, site: SessionSite, tamper: Callable[[str], str]
    ) -> None:
        """And no error, and nobody else's session."""
        visitor = site.beginning(a=1)
        thief = site.visitor()
        for cookie in site.cookies(visitor):
            thief.set_cookie(cookie.key, tamper(cookie.value), path=cookie.path)
        assert site.content(thief) == {}, "a cookie that was tampered with was accepted"

    def test_a_cookie_made_up_by_the_visitor_is_not_adopted(self, site: SessionSite) -> None:
        """Whoever chooses another's cookie must not share what comes into the session then."""
        names = [cookie.key for cookie in site.cookies(site.beginning(a=1))]
        attacker, victim = site.visitor(), site.visitor()
        for visitor in (attacker, victim):
            for name in names:
                visitor.set_cookie(name, "chosen-by-the-attacker")
        site.ask(victim, lambda: session.update(user="victim"))
        assert site.content(attacker) == {}, "an id that the server did not issue was adopted"

    # --- with the framework --------------------------------------------------------------

    def test_messages_are_flashed_and_shown_once(self, site: SessionSite) -> None:
        """`flash` and `get_flashed_messages`."""
        visitor = site.visitor()
        site.ask(visitor, lambda: flash("saved", "info"))
        assert site.ask(visitor, _show_messages).found == [("info", "saved")], "a message was lost"
        assert site.ask(visitor, _show_messages).found == [], "a message was shown twice"

    def test_the_test_client_opens_and_saves_a_session(self, site: SessionSite) -> None:
        """`client.session_transaction()`."""
        visitor = site.visitor()
        with visitor.session_transaction() as opened:
            opened["a"] = 1
        assert site.content(visitor) == {"a": 1}, "what the test client put in was not saved"
        with visitor.session_transaction() as opened:
            assert opened["a"] == 1, "the test client must see what a view put in"
            del opened["a"]
        assert site.content(visitor) == {}, "what the test client removed is still there"

    def test_a_session_may_be_saved_twice(
        self, site: SessionSite, backend: AnySessionBackend
    ) -> None:
        """So it is when an error replaces a response: the other one needs its cookie too."""
        app = site.app
        with app.test_request_context() as context:
            context.session["a"] = 1
            first, second = app.response_class(), app.response_class()
            backend.save_session(app, context.session, first)
            backend.save_session(app, context.session, second)
            release_session(backend, app, context.session)
        visitor = site.visitor()
        for header in second.headers.getlist("Set-Cookie"):
            name, _, value = header.split(";")[0].partition("=")
            visitor.set_cookie(name, value)
        assert site.content(visitor) == {"a": 1}, "the second response did not get the session"

    # --- what some backends promise besides ----------------------------------------------

    def test_a_cookie_from_before_the_logout_finds_nothing(self, site: SessionSite) -> None:
        """Where `ends_for_good` promises it."""
        self.require(self.ends_for_good, "ends_for_good")
        visitor = site.beginning(user=7)
        thief = site.twin(visitor)
        site.ask(visitor, _clear)
        assert site.content(thief) == {}, "a session was found after it was cleared"

    def test_a_new_id_makes_the_old_one_worthless(self, site: SessionSite) -> None:
        """Where `has_ids` promises it; the data goes on under the new one."""
        self.require(self.has_ids, "has_ids")
        visitor = site.beginning(user=7)
        thief = site.twin(visitor)
        before = {cookie.value for cookie in site.cookies(visitor)}
        site.ask(visitor, _regenerate)
        assert site.content(visitor).get("user") == 7, "`regenerate` must keep the data"
        assert before.isdisjoint({cookie.value for cookie in site.cookies(visitor)}), (
            "`regenerate` must send another cookie"
        )
        assert site.content(thief) == {}, "the id of before still leads to the session"

    def test_two_requests_that_change_different_keys_are_both_kept(self, site: SessionSite) -> None:
        """Where `keeps_both` promises it."""
        self.require(self.keeps_both, "keeps_both")
        self.require_no_waiting()
        visitor = site.beginning(a=1)
        twin = site.twin(visitor)

        def change_while_another_does() -> None:
            session["b"] = 2
            site.ask(twin, lambda: session.update(c=3))

        site.ask(visitor, change_while_another_does)
        found = {key: value for key, value in site.content(visitor).items() if key in "abc"}
        assert found == {"a": 1, "b": 2, "c": 3}, "an update was lost"

    def test_a_session_that_another_request_ended_does_not_come_back(
        self, site: SessionSite
    ) -> None:
        """A request that was on its way during a logout; where `ends_for_good` promises it."""
        self.require(self.ends_for_good, "ends_for_good")
        self.require_no_waiting()
        visitor = site.beginning(user=7)
        twin = site.twin(visitor)

        def change_while_another_ends_it() -> None:
            session["b"] = 2
            site.ask(twin, _clear)

        site.ask(visitor, change_while_another_ends_it)
        assert "user" not in site.content(visitor), "a late write undid the logout"


__all__ = ["SessionConformance"]
