"""What every run of the tests shares: a browser test that may not be skipped when it was asked for.

With `TYPEDFLASK_REQUIRE_BROWSER=1` in the environment a run fails unless at least one test marked
`browser` ran and passed, and none was skipped. `.ci/run` sets it, because a machine that installed
a browser and then skips the test has not tested what it promised.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "TYPEDFLASK_REQUIRE_BROWSER"


class BrowserRequired:
    """Counts what became of the browser tests; works in the process that collects the reports."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the call of each browser test, or the set-up that skipped it."""
        if "browser" in report.keywords and (report.when == "call" or report.skipped):
            self.outcomes[report.outcome] += 1

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """Turn a run without its browser test into a failed one."""
        yield
        if self.complaint() and session.exitstatus in {0, pytest.ExitCode.OK}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why."""
        if complaint := self.complaint():
            terminalreporter.write_line(f"FAILED: {complaint}", red=True)

    def complaint(self) -> str | None:
        """What is wrong with this run, or None."""
        if self.outcomes["skipped"]:
            return f"{self.outcomes['skipped']} browser test(s) skipped although {VARIABLE}=1"
        if not self.outcomes["passed"]:
            return f"no browser test ran and passed although {VARIABLE}=1"
        return None


def pytest_configure(config: pytest.Config) -> None:
    """Watch over the browser tests where the environment asks for it."""
    is_worker = hasattr(config, "workerinput")
    if os.environ.get(VARIABLE) == "1" and not is_worker:
        config.pluginmanager.register(BrowserRequired(), "browser-required")
