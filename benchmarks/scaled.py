"""Applications of 10 to 10,000 routes: registering, matching, a 404, a built URL, and memory.

Each application lives in a process of its own, so that none pays for the memory of the one before.
A route has two parts and a number: `/section17/<int:id>`. The rest of the answer stays as small as
it can be, so what grows with the number of routes is the router's.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Final, NamedTuple
from wsgiref.types import WSGIApplication

from benchmarks import report
from benchmarks.asks import Ask, draft, text
from benchmarks.contenders import BASE, OURS, ContenderMissing
from benchmarks.contenders.flask_apps import new_app
from benchmarks.contenders.flask_words import words_of
from benchmarks.exchange import WrongAnswer, ask, checked, serve
from benchmarks.parts import Plan, Section

TITLE: Final = "From 10 to 10,000 routes"
COUNTS: Final = (10, 100, 1_000, 10_000)
QUICK_COUNTS: Final = (10, 50)
MOST_ROUTES: Final = {BASE: 10_000, OURS: 10_000, "falcon": 1_000}
"""Who takes part, and how far: Falcon needs minutes to register 10,000 routes."""

REQUESTS: Final = 200
FULL_ROUNDS: Final = 15
ROOT: Final = Path(__file__).parent.parent


class Scale(NamedTuple):
    """One application's figures: seconds, and bytes."""

    registering: float
    """All routes together, up to the first answer, which some routers put their work off to."""

    matching: float
    missing: float

    building: float | None
    """One URL; None where the framework builds none."""

    memory: int
    """What the routes hold once the first answer is out."""


class Built(NamedTuple):
    """An application, and a way to build the URL of a route in it."""

    app: WSGIApplication
    build_urls: Callable[[Sequence[int]], float] | None
    """Seconds of building one URL for each number."""


def flask_routes(package: str, count: int) -> Built:
    """An application of Flask or typedflask."""
    words = words_of(package)
    app = new_app(words)

    def item(id: int) -> str:
        return f"item {id}"

    for number in range(count):
        app.add_url_rule(f"/section{number}/<int:id>", f"item{number}", item)
    url_for = words.url_for

    def build_urls(numbers: Sequence[int]) -> float:
        with app.test_request_context("/"):
            if url_for(f"item{count - 1}", id=7) != f"/section{count - 1}/7":
                raise WrongAnswer(f"{package} builds {url_for(f'item{count - 1}', id=7)}")
            started = thread_time()
            for number in numbers:
                url_for(f"item{number}", id=number)
            return thread_time() - started

    return Built(app, build_urls)


def falcon_routes(count: int) -> Built:
    """An application of Falcon, which builds no URLs."""
    from benchmarks.contenders import falcon_apps

    app = falcon_apps.new_app()
    for number in range(count):
        app.add_route(f"/section{number}/{{id:int}}", falcon_apps.Item())
    return Built(app, None)


def routes(contender: str, count: int) -> Built:
    """An application with that many routes."""
    return falcon_routes(count) if contender == "falcon" else flask_routes(contender, count)


def seconds_of(app: WSGIApplication, asks: Sequence[Ask], rounds: int) -> float:
    """The median over the rounds of the seconds one of these requests takes."""
    drafts = [draft(request) for request in asks]
    samples: list[float] = []
    for _ in range(rounds + 1):
        environs = [made.fresh() for made in drafts]
        started = thread_time()
        while environs:
            serve(app, environs.pop())
        samples.append((thread_time() - started) / len(asks))
    return median(samples[1:])


def measure_here(contender: str, count: int, rounds: int) -> Scale:
    """The figures of one application; the process should end afterwards.

    :raises WrongAnswer: if a route leads elsewhere, or a wrong path anywhere.
    """
    first = Ask(path=f"/section{count - 1}/7", expects=text("item 7"))
    # What is imported at the first request belongs to no route.
    checked(routes(contender, 3).app, Ask(path="/section2/7", expects=text("item 7")))
    gc.collect()
    started = thread_time()
    app, build_urls = routes(contender, count)
    checked(app, first)
    registering = thread_time() - started

    places = [number * count // REQUESTS for number in range(REQUESTS)]
    asks = [Ask(path=f"/section{n}/{n}", expects=text(f"item {n}")) for n in places]
    wrong = [Ask(path=f"/section{n}/{n}/no", expects=text("", status=404)) for n in places]
    for request in asks:
        checked(app, request)
    if (status := ask(app, wrong[0]).status) != 404:
        raise WrongAnswer(f"{wrong[0].path}: status {status} instead of 404")
    gc.collect()
    gc.freeze()
    matching = seconds_of(app, asks, rounds)
    missing = seconds_of(app, wrong, rounds)
    building = None
    if build_urls is not None:
        build_urls(places)
        building = median(build_urls(places) / len(places) for _ in range(rounds))
    return Scale(registering, matching, missing, building, memory_of(contender, count, first))


def memory_of(contender: str, count: int, first: Ask) -> int:
    """The bytes an application holds after its first answer."""
    gc.collect()
    tracemalloc.start()
    try:
        kept = routes(contender, count)
        checked(kept.app, first)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def measure(contender: str, count: int, *, quick: bool = False) -> Scale:
    """The figures of one application, from a process of its own.

    :raises ContenderMissing: if the framework is not installed.
    :raises WrongAnswer: if the process fails; the message shows the end of what it printed.
    """
    rounds = 1 if quick else FULL_ROUNDS
    command = [sys.executable, "-m", "benchmarks.scaled", contender, str(count), str(rounds)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise WrongAnswer(f"{contender}, {count} routes: {done.stderr.strip()[-500:]}")
    return Scale(*json.loads(done.stdout))


def taking_part(plan: Plan, count: int) -> list[str]:
    """Those of the contenders that are measured with that many routes."""
    return [name for name, most in MOST_ROUTES.items() if name in plan.contenders and count <= most]


def measure_all(plan: Plan) -> dict[str, dict[int, Scale]]:
    """The figures of every contender that takes part here, by its name and the count of routes.

    :raises ContenderMissing: if a framework is not installed.
    :raises WrongAnswer: if an application answers wrongly.
    """
    found: dict[str, dict[int, Scale]] = {}
    for count in QUICK_COUNTS if plan.quick else COUNTS:
        for name in taking_part(plan, count):
            plan.tell(f"{count} routes: {name}")
            try:
                import_module(name)
            except ImportError as error:
                raise ContenderMissing(f"{name} cannot take part: {error}") from error
            found.setdefault(name, {})[count] = measure(name, count, quick=plan.quick)
    return found


def section(plan: Plan) -> Section:
    """How everything grows with the number of routes.

    :raises ContenderMissing: if a framework is not installed.
    :raises WrongAnswer: if an application answers wrongly.
    """
    found = measure_all(plan)
    head = ["routes", "contender", "registering ms", "request µs", "404 µs", "`url_for` µs"]
    rows: list[list[str]] = []
    for count in QUICK_COUNTS if plan.quick else COUNTS:
        for name in taking_part(plan, count):
            scale = found[name][count]
            built = scale.building
            rows.append(
                [
                    f"{count:,}",
                    name,
                    report.number(scale.registering * 1e3),
                    report.number(scale.matching * 1e6),
                    report.number(scale.missing * 1e6),
                    report.NONE if built is None else report.number(built * 1e6),
                    f"{scale.memory / 1024:,.0f}",
                ]
            )
    parts = [
        "Registering goes up to the first answer. A request and a 404 are whole requests, spread "
        "over all routes. Memory is what the application and its routes hold after the first "
        "answer.",
        report.table([*head, "memory KB"], rows),
        growth(found),
    ]
    data = {
        name: {str(count): scale._asdict() for count, scale in scales.items()}
        for name, scales in found.items()
    }
    return Section("routes", TITLE, "\n\n".join(parts).strip(), data)


def growth(found: dict[str, dict[int, Scale]]) -> str:
    """A sentence on what the routes cost the requests of typedflask; empty if it took no part."""
    scales = found.get(OURS)
    if scales is None:
        return ""
    least, most = min(scales), max(scales)
    times = scales[most].matching / scales[least].matching
    each = (scales[most].memory - scales[least].memory) / (most - least)
    return (
        f"A request of typedflask takes {times:.2f} times as long among {most:,} routes as among "
        f"{least:,}; a route takes {each:,.0f} bytes."
    )


def main(arguments: Sequence[str]) -> None:
    """Print the figures of one application as JSON: `NAME COUNT ROUNDS`."""
    contender, count, rounds = arguments
    print(json.dumps(measure_here(contender, int(count), int(rounds))))


if __name__ == "__main__":
    main(sys.argv[1:])
