"""Run the tests of the mypy plugin with the two feature releases of mypy before the pinned one.

usage: plugin_versions.py [VERSION...]     the two before the pinned one unless told

Each version has an environment of its own in `build/`, made when it is missing: the tests'
requirements and that mypy in place of the pinned one. Their first run downloads, so this is
a step of `.ci/run` and not of `make test`, which needs no network once it is installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE, STDOUT
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PINNED: Final = ROOT / "requirements" / "dev.txt"


def pinned_version() -> tuple[int, int]:
    """The feature release of mypy that the project pins.

    :raises LookupError: none is pinned.
    """
    found = re.search(r"^mypy==(\d+)\.(\d+)", PINNED.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise LookupError(f"{PINNED.name} pins no version of mypy")
    return int(found[1]), int(found[2])


def environment(version: str) -> Path:
    """The Python that has a version of mypy."""
    folder = ROOT / "build" / f"mypy-{version}"
    python, stamp = folder / "bin" / "python", folder / ".installed"
    newest = max(path.stat().st_mtime for path in PINNED.parent.glob("*.txt"))
    if not stamp.exists() or stamp.stat().st_mtime < newest:
        print(f"==> installing mypy {version} into {folder.relative_to(ROOT)}", flush=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([*pip, "-r", str(PINNED.parent / "test.txt")], check=True)
        subprocess.run([*pip, f"mypy=={version}.*"], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
        stamp.touch()
    return python


def run_tests(version: str) -> int:
    """Run the tests with a version of mypy, then print what they said; their exit status."""
    python = environment(version)
    # A browser and servers are required of the run of all tests, not of these.
    asked = {name: value for name, value in os.environ.items() if "_REQUIRE_" not in name}
    tests = sorted(str(path) for path in (ROOT / "tests").glob("test_mypy_plugin*.py"))
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    answer = subprocess.run(
        command, cwd=ROOT, env=asked, check=False, text=True, stdout=PIPE, stderr=STDOUT
    )
    print(f"==> tests of the plugin with mypy {version}", answer.stdout, sep="\n", flush=True)
    return answer.returncode


def main(arguments: list[str]) -> int:
    """Run the tests, of all versions at once; the highest exit status."""
    major, minor = pinned_version()
    versions = arguments or [f"{major}.{minor - 2}", f"{major}.{minor - 1}"]
    with ThreadPoolExecutor(len(versions)) as pool:
        return max(pool.map(run_tests, versions))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
