"""An application in a folder of its own, for the tests of template engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from typedflask import Flask, render_template, render_template_string
from typedflask.templating import TemplateBackend


class Site:
    """An application with some engine, and ways to write and to render its templates.

    :param root: its folder.
    :param engine: makes the engine.
    """

    def __init__(self, root: Path, engine: Callable[[Flask], TemplateBackend]) -> None:
        self.root = root
        self.app = Flask("shop", root_path=str(root), templates=engine)
        self.app.secret_key = "only for tests"

    def write(self, name: str, text: str) -> Path:
        file = self.root / "templates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def render(self, name: str, **context: Any) -> str:
        with self.app.app_context():
            return render_template(name, **context)

    def text(self, source: str, **context: Any) -> str:
        with self.app.app_context():
            return render_template_string(source, **context)


def notes(error: BaseException) -> str:
    """What was noted in an error."""
    return "\n".join(getattr(error, "__notes__", ()))
