"""Bad input over real connections: what bytes of a client do to servers that serve an application.

Servers read requests in ways of their own: what one refuses itself, another hands to the
application. For both, the connection is answered or closed, the answer is no 500 unless the
application is at fault, and every request that began was torn down.
"""

from __future__ import annotations

import importlib.util
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served_site import LIMIT

ROOT = Path(__file__).parent.parent

WAITRESS = """
import socket, sys, waitress
from tests.served_site import app
waitress.serve(app, sockets=[socket.socket(fileno=int(sys.argv[1]))], threads=2)
"""

COMMANDS = {
    "waitress": ["-c", WAITRESS, "{fd}"],
    "gunicorn": [
        *["-m", "gunicorn", "tests.served_site:app", "--bind", "fd://{fd}"],
        *["--threads", "2", "--no-control-socket"],
    ],
}


class Server:
    """A server in a process of its own, on a port of 127.0.0.1."""

    def __init__(self, name: str, log: Path) -> None:
        self.name, self._log = name, log
        with socket.create_server(("127.0.0.1", 0)) as listening, log.open("wb") as output:
            self.port: int = listening.getsockname()[1]
            listening.set_inheritable(True)
            descriptor = listening.fileno()
            command = [
                part.format(fd=descriptor) if "{fd}" in part else part for part in COMMANDS[name]
            ]
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                pass_fds=[descriptor],
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def send(self, data: bytes, *, cut_off: bool = False) -> bytes:
        """Send bytes and give back all that comes until the connection is closed.

        :param data: what to send.
        :param cut_off: end the sending side of the connection after that.
        """
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            try:
                connection.sendall(data)
                if cut_off:
                    connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(65536):
                    received += piece
            except OSError:
                pass  # closed by the server in the middle of what it did not want
        return received

    def get(self, target: str, *headers: str, method: str = "GET", body: bytes = b"") -> bytes:
        """Send one request that asks for the connection to be closed."""
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
        return self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def counts(self) -> tuple[int, int]:
        """How many requests the application was called for, and how many it tore down."""
        called, torn_down = json.loads(self.get("/counts").partition(b"\r\n\r\n")[2])
        return called, torn_down

    def logged(self) -> str:
        return self._log.read_text(errors="replace")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="module", params=sorted(COMMANDS))
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    server = Server(request.param, tmp_path_factory.mktemp(request.param) / "log")
    try:
        yield server
    finally:
        server.stop()


def statuses(received: bytes) -> list[int]:
    """The statuses of all answers on a connection."""
    return [int(code) for code in re.findall(rb"^HTTP/1\.[01] (\d{3}) ", received, re.MULTILINE)]


def headers_of(received: bytes) -> dict[str, str]:
    """The headers of the only answer on a connection, by their lower-case names."""
    lines = received.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }


def chunks(*pieces: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + end


CHUNKED = "Transfer-Encoding: chunked"


# --- bodies ------------------------------------------------------------------------------


def test_a_chunked_body_is_read(server: Server) -> None:
    received = server.get("/echo", CHUNKED, method="POST", body=chunks(b"one ", b"two"))

    assert statuses(received) == [200]
    assert received.endswith(b"one two")


def test_a_chunked_form_and_chunked_json_are_read(server: Server) -> None:
    form = "Content-Type: application/x-www-form-urlencoded"
    received = server.get("/form", CHUNKED, form, method="POST", body=chunks(b"a=1", b"&b=2"))
    assert b'"b":"2"' in received

    kind = "Content-Type: application/json"
    received = server.get("/posted", CHUNKED, kind, method="POST", body=chunks(b"[1", b"]"))
    assert b'{"got":[1]}' in received


@pytest.mark.parametrize("size", [LIMIT + 1, 50 * LIMIT])
def test_a_body_over_the_limit_is_413_chunked_or_not(server: Server, size: int) -> None:
    body = b"x" * size
    assert statuses(server.get("/echo", CHUNKED, method="POST", body=chunks(body))) == [413]
    length = f"Content-Length: {size}"
    assert statuses(server.get("/echo", length, method="POST", body=body)) == [413]
    assert statuses(server.get("/echo", CHUNKED, method="POST", body=chunks(body[:LIMIT]))) == [200]


BEGIN = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"Content-Length: 10\r\n\r\nabc", id="declared"),
        pytest.param(b"Content-Length: 10\r\n\r\n", id="declared and nothing"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", id="no last chunk"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", id="in a chunk"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n", id="before the first chunk"),
    ],
)
def test_a_body_cut_short_is_400_or_never_reaches_the_application(
    server: Server, rest: bytes
) -> None:
    received = server.send(BEGIN + rest, cut_off=True)

    assert statuses(received) in ([400], [])
    assert b"abc" not in received.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", id="no size"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n", id="negative size"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n2\r\nabcde\r\n", id="wrong size"),
        pytest.param(b"Content-Length: abc\r\n\r\nabc", id="no length"),
        pytest.param(b"Content-Length: -1\r\n\r\nabc", id="negative length"),
        pytest.param(b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", id="two lengths"),
    ],
)
def test_a_body_of_impossible_size_is_refused(server: Server, rest: bytes) -> None:
    received = server.send(BEGIN + rest, cut_off=True)

    assert all(400 <= status < 500 or status == 501 for status in statuses(received))


# --- request lines and headers -----------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\r\n\r\n", id="nothing"),
        pytest.param(b"GET\r\n\r\n", id="method only"),
        pytest.param(b"GET / HTTP/x\r\n\r\n", id="version"),
        pytest.param(b"GET  /  HTTP/1.1\r\n\r\n", id="spaces"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01", id="TLS"),
        pytest.param(b"GET /\x00 HTTP/1.1\r\n\r\n", id="NUL"),
        pytest.param(b"GET http://[ HTTP/1.1\r\n\r\n", id="absolute and broken"),
        pytest.param(b"GET nowhere HTTP/1.1\r\n\r\n", id="relative"),
        pytest.param(b"G(T / HTTP/1.1\r\n\r\n", id="odd method"),
        pytest.param(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", id="endless line"),
        pytest.param(b"GET / HTTP/1.1\r\nNo colon\r\n\r\n", id="header without colon"),
        pytest.param(b"GET / HTTP/1.1\r\nX-A: a\x00b\r\n\r\n", id="NUL in a header"),
        pytest.param(b"GET / HTTP/1.1\r\nX A: a\r\n\r\n", id="space in a name"),
        pytest.param(b"GET / HTTP/1.1\r\n folded: a\r\n\r\n", id="folded"),
        pytest.param(
            b"GET / HTTP/1.1\r\nX-A: " + b"a" * 300_000 + b"\r\n\r\n", id="endless header"
        ),
    ],
)
def test_a_bad_request_is_refused_and_the_server_lives_on(server: Server, data: bytes) -> None:
    received = server.send(data, cut_off=True)

    assert all(400 <= status < 500 or status in {501, 505} for status in statuses(received))
    assert statuses(server.get("/")) == [200]


@pytest.mark.parametrize(
    "target",
    [
        "/path/\xff",
        "/path/%ff%00",
        "/path/a?b=\xff&c=%ff",
        "/path/..%2f..%2f",
        "/slash?\xff",
        "/\xff",
    ],
)
def test_bytes_that_are_no_text_are_answered(server: Server, target: str) -> None:
    assert statuses(server.get(target)) in ([200], [308], [404], [400])


@pytest.mark.parametrize(
    "host", ["", "a b", "xn--", "[::1", "a..b", "\xff", "a" * 300, "evil@host", "a:99999999"]
)
def test_an_absurd_host_is_answered(server: Server, host: str) -> None:
    data = f"GET /path/a HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"

    assert statuses(server.send(data.encode("latin-1"))) in ([200], [400])


def test_a_request_without_a_host_is_answered(server: Server) -> None:
    assert statuses(server.send(b"GET /path/a HTTP/1.0\r\n\r\n")) == [200]


def test_a_damaged_session_cookie_is_a_new_session(server: Server) -> None:
    for cookie in ("tampered", "\xff\xfe", '"\\777', "a." * 500):
        assert server.get("/session", f"Cookie: session={cookie}").endswith(b"\r\n\r\n0")


# --- answers -----------------------------------------------------------------------------


def test_line_breaks_of_a_client_split_no_answer(server: Server) -> None:
    received = server.get("/go?to=/a%0d%0aX-Evil:%201%0d%0a%0d%0a%3Cscript%3E")
    assert statuses(received) == [302]
    assert headers_of(received)["location"] == "/a%0D%0AX-Evil:%201%0D%0A%0D%0A%3Cscript%3E"
    assert "x-evil" not in headers_of(received)

    received = server.get("/header?value=a%0d%0aX-Evil:%201")
    assert statuses(received) == [500]
    assert "x-evil" not in headers_of(received)


def test_a_response_that_cannot_be_sent_is_a_whole_500(server: Server) -> None:
    received = server.get("/unsendable")

    assert statuses(received) == [500]
    assert b"Internal Server Error" in received.partition(b"\r\n\r\n")[2]


def test_answers_without_content_leave_the_connection_in_order(server: Server) -> None:
    keep = b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    close = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    for first, status in ((b"GET /none", 204), (b"GET /unmodified", 304), (b"HEAD /", 200)):
        received = server.send(first + keep + b"GET /" + close)

        # A server may close the connection after an answer without a length.
        assert statuses(received) in ([status, 200], [status])
        assert b"never sent" not in received
        assert received.endswith(b"\r\n\r\nhello" if len(statuses(received)) == 2 else b"\r\n\r\n")


def test_a_stream_is_sent_piece_by_piece(server: Server) -> None:
    received = server.get("/stream")

    assert statuses(received) == [200]
    assert b"one " in received
    assert b"two" in received


# --- after all of that -------------------------------------------------------------------


def test_every_request_was_torn_down_and_nothing_came_out_of_the_application(
    server: Server,
) -> None:
    """The last test of a server: what its log and its counters say of all the others."""
    server.send(BEGIN + b"Content-Length: 10\r\n\r\nabc", cut_off=True)
    server.get("/unsendable")

    called, torn_down = server.counts()
    assert called == torn_down > 1

    expected = {"The response cannot be sent", "must not contain newline"}
    errors = re.findall(r"^(\w*(?:Error|Exception)\b.*)$", server.logged(), re.MULTILINE)
    assert errors
    assert [error for error in errors if not any(words in error for words in expected)] == []
    assert not re.search("Exception while serving|Error handling request", server.logged())
