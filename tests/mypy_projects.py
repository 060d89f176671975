"""Small projects for the tests of the mypy plugin, and what mypy reports about them."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

MYPY_INI = """
    [mypy]
    strict = True
    plugins = typedflask.mypy_plugin
"""

Lines = dict[str, set[int]]
"""Numbers of lines, by file."""


def lay_out(folder: Path, files: Mapping[str, str]) -> None:
    """Write a project."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


@cache
def libraries_cache() -> Path:
    """mypy's cache of what all projects import, which takes some seconds to make."""
    folder = Path(mkdtemp(prefix="mypy-projects-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    imports = "import typedflask.views, typedflask.typing, werkzeug.routing, uuid, typing"
    lay_out(folder, {"mypy.ini": MYPY_INI, "program.py": imports})
    assert errors_of_command(folder, "program.py") == {}
    return folder / "cache"


def output_of(folder: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What mypy, run inside this process, says."""
    from mypy import api

    if not (folder / "cache").exists():
        shutil.copytree(libraries_cache(), folder / "cache")
    monkeypatch.chdir(folder)
    output, trouble, _ = api.run([*arguments, "--cache-dir", str(folder / "cache")])
    assert not trouble
    return output


def errors_of(folder: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> Lines:
    """The lines on which mypy, run inside this process, reports an error."""
    return lines_of(output_of(folder, *arguments, monkeypatch=monkeypatch))


def errors_of_command(folder: Path, *arguments: str) -> Lines:
    """The lines on which mypy, run as a command, reports an error."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(folder / "cache"), *arguments],
        cwd=folder,
        # Measuring coverage in worker processes would slow them down.
        env={name: value for name, value in os.environ.items() if "COV" not in name},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert not done.stderr
    return lines_of(done.stdout)


def lines_of(output: str) -> Lines:
    """The lines that mypy's output is about."""
    assert "INTERNAL ERROR" not in output
    assert "Success" in output or "Found" in output, output
    found: Lines = {}
    for path, line in re.findall(r"^([^:\n]+\.py):(\d+): error", output, re.MULTILINE):
        found.setdefault(path.replace("\\", "/"), set()).add(int(line))
    return found


def marked(folder: Path) -> Lines:
    """The lines that are marked as wrong."""
    found: Lines = {}
    for path in sorted(folder.rglob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        numbers = {number for number, line in enumerate(lines, 1) if "# E:" in line}
        if numbers:
            found[str(path.relative_to(folder))] = numbers
    return found
