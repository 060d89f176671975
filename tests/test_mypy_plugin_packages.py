"""What the plugin finds out about installed packages, without importing them."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("mypy", reason="the checkers are installed on the main version only")

from tests.mypy_projects import lay_out
from typedflask.mypy_plugin import packages
from typedflask.mypy_plugin.packages import Packages

INSTALLED = {
    "quiet_package/__init__.py": "def init(app): app.config['QUIET'] = True",
    "quiet_package/py.typed": "",
    "quiet_package/converters.py": "",
    "quiet_package/more/__init__.pyi": "",
    "adding_package/__init__.py": "",
    "adding_package/deep/views.py": "def init(app): app.add_url_rule('/added', 'added')",
    "compiled_package/__init__.so": "",
    "quiet_module.py": "raise SystemExit('nobody imports this')",
}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    """Nothing asked yet, with a few packages installed."""
    lay_out(tmp_path, INSTALLED)
    monkeypatch.syspath_prepend(tmp_path)
    return Packages()


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ("quiet_package", True),
        ("quiet_module", True),
        ("adding_package", False),
        ("a_package_nobody_installed", False),
        ("compiled_package", False),  # a folder without text
        ("zlib", True),  # of the standard library
        ("werkzeug", True),
    ],
)
def test_a_package_registers_nothing_if_its_text_shows_that(
    package: str, expected: bool, installed: Packages
) -> None:
    assert installed.registers_nothing(package) is expected
    assert installed.registers_nothing(package) is expected


def test_a_package_of_very_many_files_may_register_anything(
    installed: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "MOST_FILES", 1)
    assert not installed.registers_nothing("quiet_package")


def test_the_files_that_were_read_are_known(installed: Packages, tmp_path: Path) -> None:
    """An answer that is kept is good as long as these stay as they are."""
    installed.registers_nothing("adding_package")
    assert str(tmp_path / "adding_package" / "deep" / "views.py") in installed.read
    assert str(tmp_path) in installed.read  # another package of that name may come


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("quiet_package", True),
        ("quiet_package.converters", True),
        ("quiet_package.more", True),
        ("quiet_package.missing", False),
        ("adding_package", False),  # no types of its own
        ("quiet_module", False),
        ("a_package_nobody_installed.converters", False),
        ("werkzeug.routing", True),
    ],
)
def test_a_module_has_types_if_its_package_says_so(
    module: str, expected: bool, installed: Packages
) -> None:
    assert installed.has_types(module) is expected


def test_a_name_that_is_no_module_is_answered(installed: Packages) -> None:
    assert not installed.registers_nothing("")
    assert not installed.has_types("")
