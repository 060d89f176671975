"""The application a server of the benchmark serves: `benchmarks.served:app`.

The server imports it in its worker; `BENCHMARK_APP` says which one it shall be: `typedflask:plain`.
"""

from __future__ import annotations

import os
from typing import Final
from wsgiref.types import WSGIApplication

from benchmarks.contenders import load

WHICH: Final = "BENCHMARK_APP"


def application(which: str) -> WSGIApplication:
    """The application of a contender, by `contender:scenario`."""
    name, _, scenario = which.partition(":")
    (contender,) = load([name])
    return contender.apps[scenario]()


if WHICH in os.environ:
    app = application(os.environ[WHICH])
