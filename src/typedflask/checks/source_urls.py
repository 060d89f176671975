"""`url_for` in Python files: endpoints exist, and get the values they need."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from .building import UNKNOWN, UrlCall, trouble_with
from .problem import Problem
from .python_calls import argument, calls_of
from .subject import Check, Subject

NAME: Final = "urls"


def check(subject: Subject) -> Iterator[Problem]:
    """Find calls of `url_for` that cannot give a URL."""
    for source in subject.sources:
        for _, call in calls_of(source, {"url_for"}):
            written = read_call(call)
            if written is None:
                continue
            if len(call.args) > 1:
                trouble: str | None = (
                    f"url_for({written.endpoint!r}, ...) takes the values of the rule by name only."
                )
            else:
                trouble = trouble_with(subject.app, written)
                if any(trouble_with(other, written) is None for other in subject.apps[1:]):
                    trouble = None  # meant for another application
            if trouble is not None:
                yield Problem(NAME, trouble, source.at(call))


def read_call(call: ast.Call) -> UrlCall | None:
    """A call of `url_for` as it is written, if its endpoint is a literal."""
    endpoint = argument(call, "endpoint")
    if not isinstance(endpoint, ast.Constant) or not isinstance(endpoint.value, str):
        return None
    if any(isinstance(each, ast.Starred) for each in call.args):
        return None
    values = {k.arg: _literal(k.value) for k in call.keywords if k.arg is not None}
    values.pop("endpoint", None)
    return UrlCall(endpoint.value, values, any(k.arg is None for k in call.keywords))


def _literal(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else UNKNOWN


CHECK: Final = Check(
    NAME,
    "`url_for` in Python with an endpoint that does not exist, or without a value it needs",
    check,
)
"""The row of the table."""
