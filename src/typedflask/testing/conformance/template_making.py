"""What the tests of template engines are told about an engine: how it is made, how it is written.

`TemplateMaking` is the part of `TemplateConformance` that an author fills in. The tests need a
handful of templates, each in the engine's own language; `SAMPLES` says what each one shows.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final, Literal, TypeAlias

import pytest

from typedflask import Flask
from typedflask.templating.contract import TemplateBackend, UnsupportedByEngine

Sample: TypeAlias = Literal[
    "greeting",
    "rows",
    "parts",
    "names",
    "filtered",
    "tested",
    "undefined",
    "macros",
    "calling",
    "broken",
    "failing",
    "including",
]

SAMPLES: Final[dict[Sample, str]] = {
    "greeting": "`Hello, WHO!`, with the variable `who`",
    "rows": "`<li>ROW</li>` for each of `rows`",
    "parts": "`[...]` around the template `greeting.html`, which it includes",
    "names": (
        "with bars between them: `url_for('item', number=3)`, the `q` of `request.args`, the"
        " `user` of `session`, `g.nut`, the `TITLE` of `config`, and each text of"
        " `get_flashed_messages()`"
    ),
    "filtered": "`AMOUNT in SHOP`: `amount` through the filter `money`, and the global `shop()`",
    "tested": "`even` if `number` passes the test `twofold`, else `odd`",
    "undefined": "`[NOBODY]`, with the variable `nobody`, which does not exist",
    "macros": "defines a macro `greet(who)` that gives `Hello, WHO!`, and a variable `size`, 3",
    "calling": "what the variable `act` gives when it is called",
    "broken": "a mistake in its third line, so that it does not compile",
    "failing": "in its third line, 1 divided by the variable `zero`",
    "including": "in its third line, the template `gone.html`, which does not exist",
}
"""What each template shows; white space between the parts does not matter."""


class TemplateMaking:
    """How the tests come by an engine and its templates, and what they should know of it."""

    has_files: ClassVar[bool] = True
    """Whether templates are files in the folders of the application and its blueprints."""
    streams: ClassVar[bool] = True
    """Whether a template that is streamed comes in pieces, each made when it is asked for."""
    undefined_is_an_error: ClassVar[bool] = False
    """Whether showing a name that does not exist is an error; if not, it shows as nothing."""

    def make_engine(self, app: Flask) -> TemplateBackend:
        """Give an engine for an application; to be defined by the subclass.

        :param app: the application, with a folder `templates` that is empty at first.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define make_engine(self, app), which gives an engine"
        )

    def source(self, sample: Sample) -> object:
        """Give a template in the engine's language; to be defined by the subclass.

        :param sample: which one; `SAMPLES` says what it shows.
        :returns: its text; or whatever `put` takes; or None if the engine has no such thing, for
            all but `greeting`.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define source(self, sample), which gives a template"
        )

    def put(self, app: Flask, name: str, source: object) -> None:
        """Put a template where the engine finds it: into the application's folder of templates.

        Define it for an engine that looks elsewhere.

        :param app: the application.
        :param name: the template's name.
        :param source: what `source` gave.
        """
        assert isinstance(source, str), "define put(self, app, name, source) for what is no text"
        write(Path(app.root_path) / "templates" / name, source)

    @pytest.fixture
    def app(self, tmp_path: Path) -> Flask:
        """An application with the engine, and the greeting as `greeting.html`."""
        app = self.make_app(tmp_path / "shop")
        self.put_sample(app, "greeting.html", "greeting")
        return app

    def make_app(self, root: Path) -> Flask:
        """Make an application with the engine.

        :param root: its folder.
        """
        (root / "templates").mkdir(parents=True)
        app = Flask("shop", root_path=str(root))
        app.testing = True
        app.secret_key = "only for tests"
        app.config["TITLE"] = "Plum & Pear"
        app.add_url_rule("/item/<int:number>", "item", str)
        app.templates = self.make_engine(app)
        return app

    def put_sample(self, app: Flask, name: str, sample: Sample) -> None:
        """Put one of the templates where the engine finds it, or skip the test."""
        source = self.source(sample)
        if source is None:
            assert sample != "greeting", "every engine can say 'Hello, WHO!', but source gave None"
            pytest.skip(f"the engine has nothing like {sample!r}: {SAMPLES[sample]}")
        self.put(app, name, source)


def write(path: Path, text: str) -> None:
    """Write a file, in a folder that may not exist yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def tight(text: str) -> str:
    """A text without the white space that engines leave where their own lines were."""
    return re.sub(r"\s*\n\s*", "", text.strip())


def told(error: BaseException) -> str:
    """All that is told of an error: what a log would show, with its notes."""
    return "".join(traceback.format_exception(error))


def tells_line(error: BaseException, name: str, line: int) -> bool:
    """Whether an error tells of a line of a template, in one of the usual spellings."""
    text = told(error)
    spelled = rf"{re.escape(name)}\D{{0,60}}line:? {line}\b|{re.escape(name)}:{line}\b"
    return re.search(spelled, text) is not None


@contextmanager
def unsupported(feature: str) -> Generator[None]:
    """Make sure that what an engine lacks is refused as the contract says."""
    with pytest.raises(UnsupportedByEngine) as caught:
        yield
    assert caught.value.engine, f"UnsupportedByEngine must name the engine that lacks {feature}"
    assert caught.value.feature, f"UnsupportedByEngine must say what is lacking: {feature}"
