"""What one attribute costs through a proxy, and what it costs on the object behind the proxy.

The loop around each access is timed empty as well, and taken off. All accesses of both frameworks
take turns, in an order shuffled anew each round.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from random import Random
from statistics import median
from time import thread_time
from typing import Final, NamedTuple, Protocol, TypeAlias, cast

from benchmarks import report
from benchmarks.contenders import BASE, OURS, flask_apps
from benchmarks.contenders.flask_words import (
    GlobalsWords,
    RequestWords,
    SessionWords,
    words_of,
)
from benchmarks.exchange import WrongAnswer
from benchmarks.measure import spread
from benchmarks.parts import Plan, Section

TITLE: Final = "One attribute through a proxy"
FULL_ROUNDS: Final = 60
FULL_LOOP: Final = 20_000
SMALLEST: Final = 1e-10
"""Seconds; a clock that jumps must not make an access take no time or less."""

Loop: TypeAlias = Callable[[range], None]
"""Does one access for each number."""


class NamedApplication(Protocol):
    """What is read of `current_app`."""

    @property
    def name(self) -> str: ...


class Access(NamedTuple):
    """One row: what is read, through a proxy and directly, in one framework."""

    title: str
    package: str
    proxied: Loop
    direct: Loop


def behind(proxy: object) -> object:
    """The object a proxy stands for: the documented way to get at it."""
    return getattr(proxy, "_get_current_object")()


def read_nothing(numbers: range) -> None:
    """The loop alone."""
    for _ in numbers:
        pass


def read_method(request: RequestWords) -> Loop:
    def loop(numbers: range) -> None:
        for _ in numbers:
            request.method  # noqa: B018

    return loop


def read_modified(session: SessionWords) -> Loop:
    def loop(numbers: range) -> None:
        for _ in numbers:
            session.modified  # noqa: B018

    return loop


def read_item(session: SessionWords) -> Loop:
    def loop(numbers: range) -> None:
        for _ in numbers:
            session["user"]

    return loop


def read_first(g: GlobalsWords) -> Loop:
    def loop(numbers: range) -> None:
        for _ in numbers:
            g.first  # noqa: B018

    return loop


def read_name(app: NamedApplication) -> Loop:
    def loop(numbers: range) -> None:
        for _ in numbers:
            app.name  # noqa: B018

    return loop


def accesses(package: str, stack: ExitStack) -> list[Access]:
    """The accesses of one framework, in a context of its own that lives as long as `stack`.

    :raises WrongAnswer: if a proxy does not show what was set.
    """
    words = words_of(package)
    app = flask_apps.new_app(words, secret=True)
    stack.enter_context(app.test_request_context("/"))
    request, session, g = words.request, words.session, words.g
    # `current_app` is an application to every reader.
    current_app = cast(NamedApplication, import_module(package).current_app)
    session["user"], g.first = "ann", 1
    found = (request.method, session.modified, session["user"], g.first, current_app.name)
    if found != ("GET", True, "ann", 1, flask_apps.__name__):
        raise WrongAnswer(f"{package}: the proxies show {found!r}, which is not what was set")
    # What is behind a proxy has the proxy's type, as the checkers see it.
    direct_request = cast(RequestWords, behind(request))
    direct_session = cast(SessionWords, behind(session))
    direct_g = cast(GlobalsWords, behind(g))
    direct_app = cast(NamedApplication, behind(current_app))
    return [
        Access("`request.method`", package, read_method(request), read_method(direct_request)),
        Access(
            "`session.modified`", package, read_modified(session), read_modified(direct_session)
        ),
        Access("`session['user']`", package, read_item(session), read_item(direct_session)),
        Access("`g.first`", package, read_first(g), read_first(direct_g)),
        Access("`current_app.name`", package, read_name(current_app), read_name(direct_app)),
    ]


def timed(loop: Loop, numbers: range) -> float:
    """Seconds of one turn of the loop."""
    started = thread_time()
    loop(numbers)
    return (thread_time() - started) / len(numbers)


class Cost(NamedTuple):
    """Nanoseconds of one access, round by round."""

    proxied: list[float]
    direct: list[float]


def measure_attributes(plan: Plan) -> dict[str, dict[str, Cost]]:
    """The cost of each access, by its title and the framework.

    :raises WrongAnswer: if a proxy does not show what was set.
    """
    plan.tell("attributes through proxies")
    numbers = range(200 if plan.quick else FULL_LOOP)
    random = Random(plan.seed)
    found: dict[str, dict[str, Cost]] = {}
    turns: list[tuple[Loop, list[float]]] = []
    with ExitStack() as stack:
        for package in frameworks(plan):
            for row in accesses(package, stack):
                cost = found.setdefault(row.title, {})[package] = Cost([], [])
                turns += [(row.proxied, cost.proxied), (row.direct, cost.direct)]
        for _ in range(2 if plan.quick else FULL_ROUNDS):
            empty = timed(read_nothing, numbers)
            random.shuffle(turns)
            for loop, samples in turns:
                samples.append(max(SMALLEST, timed(loop, numbers) - empty) * 1e9)
    return found


def frameworks(plan: Plan) -> list[str]:
    """Those of the contenders that have proxies."""
    return [name for name in (BASE, OURS) if name in plan.contenders]


def section(plan: Plan) -> Section:
    """What one access costs in Flask and in typedflask.

    :raises WrongAnswer: if a proxy does not show what was set.
    """
    found = measure_attributes(plan)
    names = frameworks(plan)
    head = ["access"]
    for name in names:
        head += [f"{name}, proxy", f"{name}, direct"]
    both = len(names) == 2
    head += ["times as fast (quartiles)"] if both else []
    rows: list[list[str]] = []
    for title, costs in found.items():
        row = [title]
        for name in names:
            cost = costs[name]
            row += [report.number(median(cost.proxied)), report.number(median(cost.direct))]
        if both:
            pairs = zip(costs[BASE].proxied, costs[OURS].proxied, strict=True)
            row.append(report.with_quartiles(spread([flask / ours for flask, ours in pairs])))
        rows.append(row)
    reading = (
        "Nanoseconds of one access through the proxy, and on the object behind it. "
        "The last column compares the two proxies."
    )
    data = {
        title: {name: cost._asdict() for name, cost in costs.items()}
        for title, costs in found.items()
    }
    text = f"{reading}\n\n{report.table(head, rows)}"
    return Section("attributes", TITLE, text, data)
