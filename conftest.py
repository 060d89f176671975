"""What every run of the tests shares: tests that may not be skipped when they were asked for.

With `TYPEDFLASK_REQUIRE_BROWSER=1` in the environment a run fails unless at least one test marked
`browser` ran and passed, and none was skipped; `TYPEDFLASK_REQUIRE_SERVERS=1` asks the same of
tests that need Redis, PostgreSQL or MariaDB. `.ci/run` sets both, because a machine that installed
a browser and then skips the test has not tested what it promised.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["tests.servers"]

# Marker: what must be set to "1" so that its tests have to run.
VARIABLES = {"browser": "TYPEDFLASK_REQUIRE_BROWSER", "servers": "TYPEDFLASK_REQUIRE_SERVERS"}


class Required:
    """Counts what became of the tests of a marker, where the reports are collected."""

    def __init__(self, marker: str) -> None:
        self.marker = marker
        self.outcomes: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the call of each such test, or the set-up that skipped it."""
        if self.marker in report.keywords and (report.when == "call" or report.skipped):
            self.outcomes[report.outcome] += 1

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """Turn a run without its tests into a failed one."""
        yield
        if self.complaint() and session.exitstatus in {0, pytest.ExitCode.OK}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why."""
        if complaint := self.complaint():
            terminalreporter.write_line(f"FAILED: {complaint}", red=True)

    def complaint(self) -> str | None:
        """What is wrong with this run, or None."""
        asked = f"although {VARIABLES[self.marker]}=1"
        if self.outcomes["skipped"]:
            return f"{self.outcomes['skipped']} {self.marker} test(s) skipped {asked}"
        if not self.outcomes["passed"]:
            return f"no {self.marker} test ran and passed {asked}"
        return None


def pytest_configure(config: pytest.Config) -> None:
    """Watch over the tests that the environment asks for."""
    # A run of pytest that a test starts has no more than the tests it was started for.
    is_part = hasattr(config, "workerinput") or "PYTEST_CURRENT_TEST" in os.environ
    for marker, variable in VARIABLES.items():
        if os.environ.get(variable) == "1" and not is_part:
            config.pluginmanager.register(Required(marker), f"{marker}-required")
