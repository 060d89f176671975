"""What holds for the project as a whole: its modules, its pinned requirements, its package."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import ignores

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "typedflask"
MODULES = sorted(PACKAGE.rglob("*.py"))
LINES_PER_MODULE = 450


def name_of(path: Path) -> str:
    """A module's path, short enough to stand in a test's name."""
    return str(path.relative_to(PACKAGE))


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a module imports, in full, wherever in the file it does."""
    folder = ["typedflask", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            above = folder[: len(folder) - node.level + 1]
            yield ".".join([*above, node.module] if node.module else above)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


each_module = pytest.mark.parametrize("module", MODULES, ids=name_of)


# --- modules -----------------------------------------------------------------------------


@each_module
def test_a_module_opens_with_a_sentence_about_itself(module: Path) -> None:
    sentence = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    assert sentence, "a newcomer opens this file and is told nothing"


@each_module
def test_a_module_can_be_read_in_one_sitting(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LINES_PER_MODULE


def base_name(base: ast.expr) -> str:
    """`Protocol[T]` and `typing.Protocol` are both called Protocol."""
    return ast.unparse(base).split("[")[0].split(".")[-1]


def undocumented(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Public classes, functions and methods without a docstring of their own or an inherited one.

    The members of a Protocol may be explained by the docstring of their class.
    """
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        decorators = {ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list}
        if node.name.startswith("_") or decorators & {"overload", "override", "setter", "deleter"}:
            continue
        if not ast.get_docstring(node):
            yield prefix + node.name
        if isinstance(node, ast.ClassDef) and "Protocol" not in map(base_name, node.bases):
            yield from undocumented(node.body, f"{prefix}{node.name}.")


@each_module
def test_everything_public_says_what_it_does(module: Path) -> None:
    assert list(undocumented(ast.parse(module.read_text(encoding="utf-8")).body)) == []


@each_module
def test_the_package_never_imports_the_framework_it_follows(module: Path) -> None:
    assert not [name for name in imports_of(module) if name.split(".")[0] == "flask"]


CONFORMANCE = PACKAGE / "testing" / "conformance"


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if m != PACKAGE / "__init__.py" and m.parent != CONFORMANCE],
    ids=name_of,
)
def test_no_module_imports_the_front_door_of_the_package(module: Path) -> None:
    """The names of `typedflask` itself are for users; inside, a room names the room it needs.

    The tests for authors of backends are users: they are imported by tests, and by nobody else.
    """
    assert "typedflask" not in imports_of(module)


FRONT_DOORS = [path for path in MODULES if path.name == "__init__.py" and path.parent != PACKAGE]


@pytest.mark.parametrize("module", FRONT_DOORS, ids=name_of)
def test_the_front_door_of_a_folder_opens_only_into_its_folder(module: Path) -> None:
    folder = ".".join(module.relative_to(PACKAGE.parent).parts[:-1])
    ours = [name for name in imports_of(module) if name.startswith("typedflask")]
    assert [name for name in ours if not f"{name}.".startswith(f"{folder}.")] == []


@pytest.mark.types
def test_imports_keep_to_the_floors() -> None:
    """The contracts of import-linter, imports for types only counted too."""
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter, "import-linter is missing: make check installs it"
    answer = subprocess.run(
        [linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


# --- comments that silence a checker -----------------------------------------------------


def test_ignore_comments_stay_within_their_budget() -> None:
    found, lines = ignores.survey(ROOT / "src")
    assert ignores.within_budget(len(found), lines), "\n".join(map(str, found))


def test_the_budget_counts_comments_and_not_strings(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        'text = "# type: ignore"\n'
        "one = 1  # type: ignore[assignment]\n"
        "two = 2  # pyright: ignore[reportGeneralTypeIssues]\n"
        "three = 3  # a type: ignored by nobody\n"
    )
    found, lines = ignores.survey(tmp_path)
    assert [ignore.line for ignore in found] == [2, 3]
    assert lines == 4


@pytest.mark.parametrize(
    ("count", "lines", "fine"),
    [(0, 0, True), (1, 1_000, False), (1, 1_001, True), (3, 2_500, False)],
)
def test_the_budget_is_less_than_one_per_thousand_lines(count: int, lines: int, fine: bool) -> None:
    assert ignores.within_budget(count, lines) is fine


# --- pinned requirements -----------------------------------------------------------------


REQUIREMENTS = ROOT / "requirements"
PINNED = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*")


def pins(name: str) -> dict[str, str]:
    """What one file of requirements pins, with the files it takes in: name to version."""
    found: dict[str, str] = {}
    for line in (REQUIREMENTS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found |= pins(line.removeprefix("-r ").strip())
        elif line and not line.startswith("#"):
            package, _, version = line.partition("==")
            found[package] = version
    return found


@pytest.mark.parametrize("file", sorted(REQUIREMENTS.glob("*.txt")), ids=lambda file: file.name)
def test_requirements_are_exact_versions_and_no_addresses(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    odd = [
        line
        for line in lines
        if not (
            PINNED.fullmatch(line) or line.startswith("# ") or re.fullmatch(r"-r \w+\.txt", line)
        )
    ]
    assert lines
    assert odd == []


def test_what_the_tests_stand_on_is_pinned_down_to_the_last_requirement() -> None:
    pinned = pins("test.txt")
    seen: set[str] = set()
    waiting = sorted(pinned)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        needs = [Requirement(line) for line in metadata.requires(name) or []]
        waiting += [
            need.name for need in needs if not need.marker or need.marker.evaluate({"extra": ""})
        ]
    assert seen - set(pinned) == set(), "installed because another package needs it, and not pinned"
    assert {name: metadata.version(name) for name in pinned} == pinned


def test_the_pins_satisfy_what_the_package_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    pinned = pins("test.txt")
    for need in map(Requirement, [*project["dependencies"], *extras]):
        assert need.specifier.contains(pinned[need.name]), need


# --- the package as it is shipped --------------------------------------------------------


def test_the_wheel_ships_the_mark_of_typed_packages_and_the_licence(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "typedflask/py.typed" in names
    assert [name for name in names if name.endswith("licenses/LICENSE")]
    assert {name.split("/")[0].split("-")[0] for name in names} == {"typedflask"}


def test_importing_every_module_never_brings_in_the_framework_it_follows() -> None:
    """In a process of its own, where nothing else could have imported it."""
    names = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
        if path.name != "__main__.py"
        # The plugin is imported by mypy, and imports it.
        and ("mypy_plugin" not in path.parts or find_spec("mypy"))
    ]
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "sys.exit('flask' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr


# --- what no file may say ----------------------------------------------------------------

FOLDERS = (
    ".ci",
    "benchmarks",
    "changes",
    "docs",
    "examples",
    "requirements",
    "src",
    "stubs",
    "tests",
    "tools",
)
PASSED_OVER = {"__pycache__", "instance"}

# Written in pieces, so that this file does not say them either.
FORBIDDEN = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.",
            r"--(extra-)?" + "index-url",
            r"--" + "find-links",
            "/wo" + "rk/(main|shared)",
            "/ro" + "ot/",
            "/ho" + "me/[a-z]",
            "/op" + "t/",
        )
    )
)


def project_files() -> Iterator[Path]:
    """The files of the project, without what tools and runs leave behind."""
    for path in ROOT.iterdir():
        if path.is_file() and not path.name.startswith(".coverage"):
            yield path
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and not PASSED_OVER & set(path.parts):
                yield path


def test_no_file_names_a_path_of_somebodys_machine_or_a_registry() -> None:
    said: list[str] = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        said += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FORBIDDEN.finditer(text)]
    assert said == []


# --- the tools that start everything -----------------------------------------------------


def find_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script that looks for a Python, with exactly this environment."""
    return subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "find_python.sh"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_named_python_that_suits_is_taken(tmp_path: Path) -> None:
    answer = find_python(sys.executable, PATH=os.defpath, HOME=str(tmp_path))
    assert Path(answer.stdout.strip()).samefile(sys.executable)


def test_without_a_suitable_python_the_message_says_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    old.chmod(0o755)
    (tmp_path / "head").symlink_to(shutil.which("head") or "head")

    answer = find_python("python3", PATH=str(tmp_path), HOME=str(tmp_path))

    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "CPython 3.11 or newer" in answer.stderr
    assert '"python3" is Python 3.9.2' in answer.stderr
    assert "make PYTHON=" in answer.stderr


REQUIRED_RUNS = [
    pytest.param("def test_other(): pass", 1, "no {marker} test ran", id="none"),
    pytest.param("@needs\ndef test_b(): pytest.skip('not here')", 1, "skipped", id="skipped"),
    pytest.param("@needs\ndef test_b(): pass", 0, "1 passed", id="passed"),
]


@pytest.mark.parametrize("marker", ["browser", "servers"])
@pytest.mark.parametrize(("source", "status", "said"), REQUIRED_RUNS)
def test_where_a_browser_or_servers_are_required_their_test_must_run(
    tmp_path: Path, source: str, status: int, said: str, marker: str
) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(f"import pytest\nneeds = pytest.mark.{marker}\n{source}\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser\n")
    environment = {
        name: value
        for name, value in os.environ.items()
        if "TYPEDFLASK_REQUIRE" not in name and name != "PYTEST_CURRENT_TEST"
    }
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", str(test)],
        cwd=tmp_path,
        env={
            **environment,
            "PYTHONPATH": str(ROOT),
            f"TYPEDFLASK_REQUIRE_{marker.upper()}": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == status
    assert said.format(marker=marker) in answer.stdout


def test_a_run_that_a_test_starts_need_not_have_a_browser_or_servers(tmp_path: Path) -> None:
    test = tmp_path / "test_it.py"
    test.write_text("def test_other(): pass")
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", str(test)],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TYPEDFLASK_REQUIRE_BROWSER": "1",
            "TYPEDFLASK_REQUIRE_SERVERS": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout
