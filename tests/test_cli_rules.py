"""`typedflask rules`: the table of what views may return, as the application has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from typing_extensions import TypeIs

from tests.cli_project import Project
from typedflask import Flask, Response
from typedflask.cli import FlaskGroup
from typedflask.cli.rules import name_of, rules_command
from typedflask.commands import ScriptInfo
from typedflask.responses import PATHS, Kit, Rule


@dataclass
class Money:
    cents: int


class Cents:
    def to_response(self, value: Money, /) -> Response:
        return Response(str(value.cents))


def is_number(value: object) -> TypeIs[int]:
    return isinstance(value, int)


def from_number(value: int, kit: Kit) -> Response:
    return Response(str(value))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


def listed(app: Flask[Any], *args: str) -> Result:
    return CliRunner().invoke(rules_command, args, obj=ScriptInfo(create_app=lambda: app))


def test_the_rules_of_the_framework_are_listed_in_order() -> None:
    lines = listed(Flask(__name__)).output.splitlines()

    assert lines[0].split("  ")[0] == "A view returns"
    assert lines[1].replace("-", "").strip() == ""
    assert [line.split("  ")[0] for line in lines[2:]] == [
        rule.name for rule in Flask(__name__).responses
    ]
    assert "str, bytes, bytearray" in lines[3]
    assert lines[3].endswith("typedflask.responses.rules:from_text")


def test_what_the_application_adds_stands_where_it_is_asked() -> None:
    app = Flask(__name__, converter=Cents()).with_rule(PATHS)
    app.responses.add(Rule("a number", is_number, from_number, (int, bool)))

    rows = json.loads(listed(app, "--format", "json").output)

    assert rows[0] == {
        "returns": "a number",
        "types": "int, bool",
        "made_by": f"{__name__}:from_number",
    }
    names = [row["returns"] for row in rows]
    assert names[1] == "a pathlib.Path, sent as a file"
    converter = names.index("what Cents converts")
    assert names[converter - 1] == "a WSGI application"
    assert rows[converter]["made_by"] == f"{__name__}:Cents.to_response"


def test_what_makes_responses_need_not_be_a_function() -> None:
    class Maker:
        def __call__(self, value: int, kit: Kit) -> Response:
            return Response(str(value))

    assert name_of(Maker()).endswith(
        "test_what_makes_responses_need_not_be_a_function.<locals>.Maker"
    )
    assert name_of(from_number) == f"{__name__}:from_number"


def test_the_program_has_the_command_and_an_application_may_have_another(project: Project) -> None:
    project.write("app.py")
    program = FlaskGroup()

    assert "text or bytes" in CliRunner().invoke(program, ["rules"]).output

    app = Flask(__name__)
    app.cli.add_command(click.Command("rules", callback=lambda: click.echo("of the game")))
    program = FlaskGroup(create_app=lambda: app)
    assert CliRunner().invoke(program, ["rules"]).output == "of the game\n"


def test_an_application_that_does_not_load_is_the_error(project: Project) -> None:
    project.write("app.py", "raise LookupError('no such thing')")

    result = CliRunner().invoke(FlaskGroup(), ["rules"])

    assert result.exit_code != 0
    assert "no such thing" in result.output + repr(result.exception)
