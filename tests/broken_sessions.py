"""Session backends that are each wrong in one way, for the conformance suite to find out."""

from __future__ import annotations

import json
import time
from typing import Any

from typedflask import Flask, Request, Response
from typedflask.sessions import (
    SecureCookieSession,
    SecureCookieSessionInterface,
    ServerSideSession,
    ServerSideSessions,
)
from typedflask.sessions.cookie import session_json_serializer
from typedflask.sessions.stores.contract import StoredSession
from typedflask.sessions.stores.memory import MemoryStore

Cookie = SecureCookieSessionInterface


class Shared(Cookie):
    """Has one session for everybody."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        return SecureCookieSession(self.kept)

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        self.kept = dict(session)
        super().save_session(app, session, response)


class LastVisitor(Shared):
    """Gives whoever has a cookie the session that was saved last."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        if self.get_cookie_name(app) in request.cookies:
            return super().open_session(app, request)
        return SecureCookieSession()


class PlainJSON:
    """Knows no values but those of JSON."""

    def dumps(self, value: Any) -> str:
        return json.dumps(value)

    def loads(self, value: str) -> Any:
        return json.loads(value)


class OnlyJSON(Cookie):
    serializer = PlainJSON()


class Words(PlainJSON):
    """Makes text of every value."""

    def dumps(self, value: Any) -> str:
        return json.dumps({key: str(item) for key, item in value.items()})


class OnlyText(Cookie):
    serializer = Words()


class Dropping(PlainJSON):
    """Leaves out what it cannot write."""

    def dumps(self, value: Any) -> str:
        return json.dumps({key: item for key, item in value.items() if type(item) is not object})


class DropsStrangeValues(Cookie):
    serializer = Dropping()


class Vague(PlainJSON):
    """Refuses with an error that names nothing."""

    def dumps(self, value: Any) -> str:
        try:
            return session_json_serializer.dumps(value)
        except TypeError:
            raise BufferError("this session cannot be written") from None


class SaysNotWhich(Cookie):
    serializer = Vague()

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        try:
            super().save_session(app, session, response)
        except BufferError as error:
            raise TypeError(str(error)) from error


class HasHalf(ServerSideSessions):
    """Saves what it can before it complains of the rest."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())

    def save_session(self, app: Flask, session: ServerSideSession, response: Response) -> None:
        content = session.content()
        session.replace({key: item for key, item in content.items() if type(item) is not object})
        super().save_session(app, session, response)
        session.replace(content)
        super().save_session(app, session, response)


class Unnoticing(SecureCookieSession):
    """Does not note that a `pop` changes it."""

    def pop(self, key: str, /, *default: Any) -> Any:
        return dict.pop(self, key, *default)


class MissesPop(Cookie):
    session_class = Unnoticing


class Unlooked(SecureCookieSession):
    """Does not note that it was looked at by `in`."""

    def __contains__(self, key: object, /) -> bool:
        return dict.__contains__(self, key)


class MissesIn(Cookie):
    session_class = Unlooked


class NeverTold(SecureCookieSession):
    """Does not let itself be told that it was changed."""

    def __setattr__(self, name: str, value: object) -> None:
        if name != "modified":
            super().__setattr__(name, value)

    def __setitem__(self, key: str, value: Any, /) -> None:
        super().__setattr__("modified", True)
        super().__setitem__(key, value)

    def update(self, *args: Any, **items: Any) -> None:
        super().__setattr__("modified", True)
        super().update(*args, **items)


class IgnoresModified(Cookie):
    session_class = NeverTold


class ForgetsUnread(Cookie):
    """Sends the session of a request that did not write it as an empty one."""

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        if not session.modified:
            session.clear()
        super().save_session(app, session, response)


class ForgetsPermanent(Cookie):
    """Leaves out what begins with an underscore, and messages with it."""

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        for key in [key for key in session if key.startswith("_")]:
            del session[key]
        super().save_session(app, session, response)


class AlwaysSends(Cookie):
    """Sends a cookie with every response."""

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        session.modified = True
        super().save_session(app, session, response)


class AlwaysVaries(Cookie):
    """Makes every response vary."""

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        super().save_session(app, session, response)
        response.vary.add("Cookie")


class NeverVaries(Cookie):
    """Lets caches show one visitor's page to another."""

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        super().save_session(app, session, response)
        response.headers.pop("Vary", None)


class NeverSecure(Cookie):
    """Has opinions of its own about the cookie."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return False

    def get_cookie_partitioned(self, app: Flask) -> bool:
        return False


class EndsWithTheBrowser(Cookie):
    """Sends no date, also with permanent sessions."""

    def get_expiration_time(self, app: Flask, session: SecureCookieSession) -> None:
        return None


class KeepsTheCookie(Cookie):
    """Does not take the cookie of an emptied session away."""

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        if session:
            super().save_session(app, session, response)


class OneClearIsTheEnd(SecureCookieSession):
    """Takes nothing in once it was cleared."""

    cleared = False

    def clear(self) -> None:
        super().clear()
        self.cleared = True

    def __setitem__(self, key: str, value: Any, /) -> None:
        if not self.cleared:
            super().__setitem__(key, value)


class ClearedForGood(Cookie):
    session_class = OneClearIsTheEnd


class NeverEnds(ServerSideSessions):
    """Keeps sessions for a year whatever the configuration says."""

    def __init__(self) -> None:
        super().__init__(YearStore())


class YearStore(MemoryStore):
    def __init__(self) -> None:
        super().__init__(clock=time.time)

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: int | None
    ) -> int | None:
        return super().save(session_id, payload, lifetime=31_536_000, expected=expected)

    def touch(self, session_id: str, /, *, lifetime: int) -> bool:
        return super().touch(session_id, lifetime=31_536_000)


class Believing(Cookie):
    """Believes what a cookie says, whoever signed it."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        serializer = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not cookie:
            return SecureCookieSession()
        _, content = serializer.loads_unsafe(cookie)
        return SecureCookieSession(content)


class Breaking(Cookie):
    """Breaks over a cookie that it did not write."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        serializer = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or cookie is None:
            return SecureCookieSession()
        return SecureCookieSession(serializer.loads(cookie))


class Adopting(Cookie):
    """Keeps sessions under whatever id the visitor chose."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        self.id = request.cookies.get("session") or str(time.time_ns())
        return SecureCookieSession(self.kept.get(self.id))

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        self.kept[self.id] = dict(session)
        response.set_cookie("session", self.id)


class SavesOnce(Cookie):
    """Thinks it has nothing to do when a session is saved again."""

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        super().save_session(app, session, response)
        session.modified = False


class WritesNothing(Cookie):
    """Opens sessions and does not save them."""

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:
        return


class Immortal(MemoryStore):
    """Forgets nothing."""

    def delete(self, session_id: str, /) -> None:
        return


class EndsForNobody(ServerSideSessions):
    def __init__(self) -> None:
        super().__init__(Immortal())


class StubbornSession(ServerSideSession):
    def regenerate(self) -> None:
        self.modified = True


class KeepsItsIds(ServerSideSessions):
    """Has no new ids to give."""

    session_class = StubbornSession

    def __init__(self) -> None:
        super().__init__(MemoryStore())


class Overwriting(MemoryStore):
    """Writes whatever comes last."""

    def save(
        self, session_id: str, payload: bytes, /, *, lifetime: int, expected: int | None
    ) -> int | None:
        there: StoredSession[int] | None = self.load(session_id)
        newest = None if there is None else there.version
        return super().save(session_id, payload, lifetime=lifetime, expected=newest)


class LosesUpdates(ServerSideSessions):
    def __init__(self) -> None:
        super().__init__(Overwriting())
