"""The default session backend is imported by the first request that needs it, and only then.

Each test runs in an interpreter of its own, in which nobody has imported the backend yet.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

START = """
import sys
from typedflask import Flask, session

BACKEND = "typedflask.sessions.cookie"

def make(kind=Flask):
    app = kind("unread")
    app.secret_key = "x"
    app.add_url_rule("/", "index", lambda: "answer")
    app.add_url_rule("/count", "count", count)
    return app

def count():
    session["count"] = session.get("count", 0) + 1
    return str(session["count"])

def ask(app, path="/", **environ):
    sent = []
    environ |= {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "localhost",
                "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
    body = app(environ, lambda status, headers: sent.extend(headers))
    return b"".join(body).decode(), dict(sent)

class Opened:
    times = 0
    def open_session(self, app, request):
        self.times += 1
    def save_session(self, app, session, response): ...
"""

PROGRAMS = {
    "requests that touch no session do without it": """
app = make()
for _ in range(3):
    assert ask(app)[0] == "answer"
assert BACKEND not in sys.modules
""",
    "a session that is touched is kept as ever": """
app = make()
ask(app), ask(app)
answer, headers = ask(app, "/count")
assert answer == "1" and BACKEND in sys.modules
cookie = headers["Set-Cookie"].partition(";")[0]
assert ask(app, "/count", HTTP_COOKIE=cookie)[0] == "2"
assert "Set-Cookie" not in ask(app, HTTP_COOKIE=cookie)[1]
""",
    "a permanent session is sent again although nobody touches it": """
app = make()
def last():
    session.permanent = True
    return "lasts"
app.add_url_rule("/last", "last", last)
cookie = ask(app, "/last")[1]["Set-Cookie"].partition(";")[0]
assert "Set-Cookie" in ask(app, HTTP_COOKIE=cookie)[1]
""",
    "a backend given to the application is asked at each request": """
app = make()
app.session_interface = backend = Opened()
ask(app), ask(app)
assert backend.times == 2 and BACKEND not in sys.modules
""",
    "a backend given after requests is asked from then on": """
app = make()
ask(app), ask(app)
app.session_interface = backend = Opened()
ask(app)
assert backend.times == 1
""",
    "a backend of a subclass is asked at each request": """
class Own(Flask):
    session_interface = Opened()
app = make(Own)
ask(app), ask(app)
assert Own.session_interface.times == 2 and BACKEND not in sys.modules
""",
    "a backend named by the configuration is the one that is used": """
app = make()
app.config["SESSION_BACKEND"] = "memory"
ask(app)
assert type(app.session_interface).__name__ == "ServerSideSessions"
""",
    "what the first request found stays, whatever the configuration says later": """
app = make()
ask(app), ask(app)
app.config["SESSION_BACKEND"] = "memory"
ask(app)
assert type(app.session_interface).__name__ == "SecureCookieSessionInterface"
""",
    "a method replaced in the backend is noticed by an application that did without it": """
app = make()
ask(app), ask(app)
from typedflask.sessions import SecureCookieSessionInterface
opened = []
def open_session(self, app, request):
    opened.append(request.path)
SecureCookieSessionInterface.open_session = open_session
ask(app)
assert opened == ["/"]
""",
    "so is one replaced in the object all applications share": """
app = make()
ask(app), ask(app)
opened = []
app.session_interface.open_session = lambda app, request: opened.append(request.path)
ask(app)
assert opened == ["/"]
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_the_backend_nobody_has_imported(program: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", START + program], check=True)
