"""Folders of static files and templates that were named, and are not there."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from typing import Final

from .problem import Place, Problem
from .subject import Check, Subject

NAME: Final = "folders"


def check(subject: Subject) -> Iterator[Problem]:
    """Find folders that a blueprint or the application names and that do not exist."""
    app = subject.app
    # An application that says nothing about its folders has names for them, and may have none.
    named = app.static_folder
    if named is not None and named != os.path.join(app.root_path, "static"):
        yield from _missing(named, f"the application {app.name!r}", creation(subject, app.name))
    for blueprint in dict.fromkeys(app.blueprints.values()):
        folders = (blueprint.static_folder, blueprint.template_folder)
        for kind, folder in zip(("static files", "templates"), folders, strict=True):
            if folder is not None:
                path = os.path.join(blueprint.root_path, folder)
                who = f"the blueprint {blueprint.name!r}, for {kind},"
                yield from _missing(path, who, creation(subject, blueprint.name))


def _missing(path: str, who: str, place: Place) -> Iterator[Problem]:
    if not os.path.isdir(path):
        yield Problem(NAME, f"The folder of {who} does not exist: {path}", place)


def creation(subject: Subject, name: str) -> Place:
    """Where a blueprint or an application is made: the call that has its name, or `__name__`."""
    places: list[Place] = []
    for source in subject.sources:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and first.value == name:
                return source.at(node)
            if source.module.__name__ == subject.app.import_name and _is_flask(node):
                places.append(source.at(node))
    return places[0] if places else Place()


def _is_flask(node: ast.Call) -> bool:
    """Whether a call looks like one that makes an application: `Flask(__name__, ...)`."""
    return any(isinstance(n, ast.Name) and n.id == "__name__" for n in node.args)


CHECK: Final = Check(
    NAME, "folders of static files or templates that are named and do not exist", check
)
"""The row of the table."""
