"""A client that takes as little of the machine as it can: raw sockets that are kept open.

Its connections ask at the same time and are then read one after the other, so that the server always
has a request waiting. The first answer is read with care; those that follow must be as long and begin
and end alike.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from time import perf_counter
from typing import Final

from benchmarks.asks import HOST, Ask
from benchmarks.exchange import Answer, WrongAnswer

LOOPBACK: Final = "127.0.0.1"
PATIENCE: Final = 10.0
"""Seconds to wait for an answer."""

HEADS_END: Final = b"\r\n\r\n"


class Connection:
    """One connection that stays open, and the request it repeats."""

    def __init__(self, port: int, request: Ask) -> None:
        self.socket = socket.create_connection((LOOPBACK, port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = written(request)
        self.start = b""
        self.body = b""
        self.length = 0

    def close(self) -> None:
        self.socket.close()

    def first(self) -> Answer:
        """Ask once and read the answer with care, to know what the next ones look like.

        :raises WrongAnswer: if the answer does not say how long it is, or closes the connection.
        """
        self.socket.sendall(self.request)
        data = b""
        while HEADS_END not in data:
            data += self.more()
        head, _, body = data.partition(HEADS_END)
        status, *lines = head.decode("latin-1").split("\r\n")
        pairs = [line.partition(":") for line in lines]
        headers = tuple((name, value.strip()) for name, _, value in pairs)
        answer = Answer(int(status.split()[1]), headers, b"")
        lengths = answer.all("Content-Length")
        if not lengths or answer.all("Connection") in (["close"], ["Close"]):
            raise WrongAnswer(f"an answer for connections that stay open has {headers}")
        while len(body) < int(lengths[0]):
            body += self.more()
        self.start, self.body, self.length = data[:12], body, len(head) + len(HEADS_END) + len(body)
        return Answer(answer.status, headers, body)

    def send(self) -> None:
        self.socket.sendall(self.request)

    def receive(self) -> None:
        """Read an answer like the first.

        :raises WrongAnswer: if it differs.
        """
        data = self.socket.recv(65536)
        while 0 < len(data) < self.length:
            data += self.more()
        if not (
            len(data) == self.length and data.startswith(self.start) and data.endswith(self.body)
        ):
            raise WrongAnswer(f"an answer differs from the first: {data[:300]!r}")

    def more(self) -> bytes:
        """What comes next.

        :raises WrongAnswer: if the server has closed the connection.
        """
        data = self.socket.recv(65536)
        if not data:
            raise WrongAnswer("the server closed a connection that should stay open")
        return data


def written(request: Ask) -> bytes:
    """The request as it goes over the wire."""
    lines = [
        f"{request.method} {request.path} HTTP/1.1",
        f"Host: {HOST}",
        "User-Agent: benchmark",
        "Accept: */*",
        "Connection: keep-alive",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def ask_for(connections: Sequence[Connection], seconds: float) -> tuple[int, float]:
    """Ask over and over; how often, and how many seconds it took in all.

    :raises WrongAnswer: if an answer differs from the first one of its connection.
    """
    started = perf_counter()
    ends, count, now = started + seconds, 0, started
    while not count or now < ends:
        for _ in range(10):
            for connection in connections:
                connection.send()
            for connection in connections:
                connection.receive()
        count += 10 * len(connections)
        now = perf_counter()
    return count, now - started
