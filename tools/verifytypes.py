"""Hold the share of the package's public names whose type is written down to 100 %.

usage: verifytypes.py [--anew]

A wheel is built and installed beside the dependencies, where a user's checker would find it, and
pyright's `--verifytypes` looks at that copy. Whether it looked there and not elsewhere is checked:
pyright silently goes on with another interpreter. An answer is kept until the package, the pinned
requirements or this file change; `--anew` asks again. The exit status is 1 below 100 %.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
KEPT: Final = Path(sys.prefix) / ".verifytypes.json"


class Measure(NamedTuple):
    """How many public names have a known type, and what keeps the others from it."""

    known: int
    ambiguous: int
    unknown: int
    reasons: list[str]

    @property
    def complete(self) -> bool:
        """Whether there are names, and the type of each is known."""
        return self.known > 0 and not self.ambiguous and not self.unknown

    def __str__(self) -> str:
        every = self.known + self.ambiguous + self.unknown
        share = 100 * self.known / every if every else 0.0
        # Rounded down: 99.99 % is not 100 %.
        percent = "100" if self.complete else f"{int(share * 10) / 10}"
        return (
            f"types of {self.known} of {every} public names are known: {percent} %,"
            f" {self.ambiguous} ambiguous, {self.unknown} unknown"
        )


def install(projects: Sequence[Path], place: Path) -> Path:
    """Make an environment with installed copies of projects, and the packages of this one.

    :param projects: the folders with their `pyproject.toml`.
    :param place: an empty folder, which gets the environment.
    :returns: the folder that the packages lie in.
    """
    python = [sys.executable, "-m"]
    wheels, environment = place / "wheels", place / "environment"
    for project in projects:
        _run([*python, "hatchling", "build", "--target", "wheel", "-d", str(wheels)], project)
    _run([*python, "venv", "--without-pip", str(environment)], place)
    packages = environment / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    pip = ["pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index"]
    copies = map(str, wheels.glob("*.whl"))
    _run([*python, *pip, "--no-compile", "--target", str(packages), *copies], place)
    # After its own packages those of this environment: the dependencies.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return packages


def _run(command: list[str], folder: Path) -> None:
    """Run a program that has to succeed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[2]} failed:\n{done.stdout}{done.stderr}")


def verify(package: str, packages: Path, place: Path) -> Measure:
    """Ask pyright about an installed package.

    :param package: its name.
    :param packages: what `install` gave.
    :param place: the folder that `install` was given; it has no settings for pyright.
    """
    environment = place / "environment"
    scripts = str(environment / Path(sysconfig.get_path("scripts")).relative_to(sys.prefix))
    pyright = Path(sysconfig.get_path("scripts")) / "basedpyright"
    answer = subprocess.run(
        [str(pyright), "--verifytypes", package, "--ignoreexternal", "--outputjson"],
        cwd=place,
        env={
            **os.environ,
            "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")]),
            "VIRTUAL_ENV": str(environment),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        found = json.loads(answer.stdout)["typeCompleteness"]
    except (ValueError, KeyError):
        raise SystemExit(f"pyright gave no answer:\n{answer.stdout}{answer.stderr}") from None
    looked = found.get("packageRootDirectory") or "nothing"
    if not Path(looked).is_relative_to(packages):
        raise SystemExit(f"pyright looked at {looked}, not at the copy in {packages}.")
    return read(found, packages)


def read(found: dict[str, Any], packages: Path) -> Measure:
    """Pyright's answer in numbers. Any: it is JSON."""
    counts = [found["exportedSymbolCounts"], found["otherSymbolCounts"]]
    known, ambiguous, unknown = (
        sum(count[kind] for count in counts)
        for kind in ("withKnownType", "withAmbiguousType", "withUnknownType")
    )
    return Measure(known, ambiguous, unknown, list(_reasons(found["symbols"], packages)))


def _reasons(symbols: list[dict[str, Any]], packages: Path) -> Iterator[str]:
    """Where a type is missing. What only uses such a name is not named itself."""
    for symbol in symbols:
        if symbol["isTypeKnown"] and not symbol["isTypeAmbiguous"]:
            continue
        for diagnostic in symbol["diagnostics"]:
            message = " ".join(diagnostic["message"].split())
            if "is partially unknown" in message or "docstring" in message:
                continue
            path = Path(diagnostic["file"])
            where = path.relative_to(packages) if path.is_relative_to(packages) else path
            line = diagnostic["range"]["start"]["line"] + 1
            yield f"{where}:{line}: {symbol['name']}: {message}"


def digest() -> str:
    """What the answer depends on, in one value."""
    files = [Path(__file__), ROOT / "pyproject.toml", *(ROOT / "requirements").glob("*.txt")]
    files += [
        path for path in (ROOT / "src").rglob("*") if path.suffix in {".py", ".pyi", ".typed"}
    ]
    whole = hashlib.sha256(sys.version.encode())
    for path in sorted(files):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return whole.hexdigest()


def measure() -> Measure:
    """Build, install and ask."""
    with TemporaryDirectory(prefix="verifytypes-") as folder:
        place = Path(folder).resolve()
        return verify("typedflask", install([ROOT], place), place)


def measure_once(state: str) -> Measure:
    """The kept answer for this state of the files, or a new one, which is kept."""
    try:
        kept = json.loads(KEPT.read_text(encoding="utf-8"))
        if kept["state"] == state:
            return Measure(*kept["measure"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # none, or one of an older version of this file
    found = measure()
    KEPT.write_text(json.dumps({"state": state, "measure": found}), encoding="utf-8")
    return found


def main(arguments: list[str]) -> int:
    """Print the share, and what is missing from 100 %."""
    if "--anew" in arguments:
        KEPT.unlink(missing_ok=True)
    found = measure_once(digest())
    print(found)
    print(*found.reasons, sep="\n", end="\n" if found.reasons else "")
    return 0 if found.complete else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
