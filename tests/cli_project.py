"""A folder with an application of a user's, for the tests of the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HELLO = """
from typedflask import Flask

app = Flask(__name__)

@app.get("/")
def index() -> str:
    return "hello from here"
"""


class Project:
    """The working directory of a test; what is imported from it is forgotten after the test."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        # The folders are new for every test, the names of their modules are not.
        self._before = set(sys.modules)
        for name in ("FLASK_APP", "FLASK_DEBUG", "FLASK_SKIP_DOTENV", "FLASK_RUN_FROM_CLI"):
            monkeypatch.delenv(name, raising=False)

    def write(self, path: str, text: str = HELLO) -> Path:
        """Write a file of the project."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def set_variable(self, name: str, value: str) -> None:
        """Set a variable of the environment for this test."""
        self._monkeypatch.setenv(name, value)

    def close(self) -> None:
        """Forget the modules of the project."""
        for name in set(sys.modules) - self._before:
            file = getattr(sys.modules[name], "__file__", None)
            if file is not None and Path(file).is_relative_to(self.folder):
                del sys.modules[name]
