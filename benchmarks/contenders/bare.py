"""WSGI without a framework: the least any answer can cost under this benchmark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from benchmarks.contenders.contract import Contender
from benchmarks.scenarios import CHUNKS, GREETING, NOT_HERE, PRODUCT

HTML: Final = ("Content-Type", "text/html; charset=utf-8")
JSON: Final = ("Content-Type", "application/json")


def plain(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = GREETING.encode()
    start_response("200 OK", [HTML, ("Content-Length", str(len(body)))])
    return [body]


def json_result(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = json.dumps(PRODUCT).encode()
    start_response("200 OK", [JSON, ("Content-Length", str(len(body)))])
    return [body]


def json_body(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    order = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    pieces = sum(line["count"] for line in order["lines"])
    body = json.dumps({"customer": order["customer"], "pieces": pieces}).encode()
    start_response("200 OK", [JSON, ("Content-Length", str(len(body)))])
    return [body]


def missing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = NOT_HERE.encode()
    start_response("404 Not Found", [HTML, ("Content-Length", str(len(body)))])
    return [body]


def stream(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [HTML])
    return encoded()


def encoded() -> Iterator[bytes]:
    """The chunks as bytes."""
    for chunk in CHUNKS:
        yield chunk.encode()


def contender() -> Contender:
    """The bare callables, which take part where there is nothing to route or remember."""
    apps: dict[str, WSGIApplication] = {
        "plain": plain,
        "json": json_result,
        "json-body": json_body,
        "missing": missing,
        "stream": stream,
    }

    def build(name: str) -> WSGIApplication:
        return apps[name]

    return Contender("bare", apps={name: partial(build, name) for name in apps}, samplers={})
