"""What is imported late may be imported by several threads at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.first_requests import EXPECTED


@pytest.mark.parametrize("run", range(3))
def test_first_requests_that_come_together_are_all_answered(run: int, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.first_requests", str(tmp_path)]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    answers = sorted(done.stdout.splitlines())
    wanted = sorted(f"{path} {answer}" for path, answer in [*EXPECTED.items()] * 2)
    assert len(answers) == len(wanted)
    for answer, beginning in zip(answers, wanted, strict=True):
        assert answer.startswith(beginning)
