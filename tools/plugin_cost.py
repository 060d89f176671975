"""Measure how much longer mypy takes with the plugin than without it, on the example.

usage: plugin_cost.py [ROUNDS]     seven rounds unless told; prints the table of docs/mypy-plugin.md

Runs with and without the plugin take turns, each with a cache of its own, so that what else the
machine does hits both. Counted is the processor time of the process, the system's part included.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "flaskr"
SETTINGS: Final = {
    "without": "[mypy]\nstrict = True\n",
    "with": "[mypy]\nstrict = True\nplugins = typedflask.mypy_plugin\n",
}
KINDS: Final = {
    "cold": "without a cache",
    "edited": "every file of the project edited",
    "warm": "nothing changed",
}


def seconds_of_mypy(folder: Path, name: str) -> float:
    """The processor time of one run.

    :raises RuntimeError: mypy found an error, or could not run.
    """
    command = [sys.executable, "-m", "mypy", "--config-file", f"{name}.ini"]
    # Compiled modules are kept, as they are for users.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [*command, "--cache-dir", f"cache-{name}", "flaskr"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def prepare(folder: Path, kind: str, number: int) -> None:
    """Make the caches, or the files, what a kind of run is to find."""
    if kind == "cold":
        for name in SETTINGS:
            shutil.rmtree(folder / f"cache-{name}", ignore_errors=True)
    elif kind == "edited":
        for path in (folder / "flaskr").rglob("*.py"):
            text = path.read_text(encoding="utf-8").partition("\n# edit")[0]
            # Longer each time: mypy compares sizes, and dates in whole seconds.
            path.write_text(f"{text}\n# edit{'.' * number}\n", encoding="utf-8")


def medians(folder: Path, kind: str, rounds: int) -> dict[str, float]:
    """The median time of a kind of run, with and without the plugin."""
    times: dict[str, list[float]] = {name: [] for name in SETTINGS}
    for number in range(rounds + 1):
        prepare(folder, kind, number)
        for name in sorted(SETTINGS, reverse=number % 2 == 0):
            seconds = seconds_of_mypy(folder, name)
            if number:  # the first round fills the caches
                times[name].append(seconds)
    return {name: statistics.median(each) for name, each in times.items()}


def main(arguments: list[str]) -> None:
    """Print the table."""
    rounds = int(arguments[0]) if arguments else 7
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(
            EXAMPLE, folder / "flaskr", ignore=shutil.ignore_patterns("__pycache__", "instance")
        )
        for name, text in SETTINGS.items():
            (folder / f"{name}.ini").write_text(text, encoding="utf-8")
        print("| run | without the plugin | with it | longer by |\n| --- | ---: | ---: | ---: |")
        for kind, words in KINDS.items():
            found = medians(folder, kind, rounds)
            more = found["with"] / found["without"] - 1
            print(
                f"| {words} | {found['without']:.2f} | {found['with']:.2f} | {more:.0%} |",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
