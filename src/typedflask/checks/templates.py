"""Templates: each compiles, and finds the templates it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import jinja2
from jinja2 import nodes

from ..templating.contract import FindsMistakes
from .problem import Place, Problem
from .subject import Check, Subject
from .template_files import TemplateFile, exists, jinja_of

SYNTAX: Final = "template-syntax"
REFERENCES: Final = "template-references"

NAMING: Final[dict[type[nodes.Node], str]] = {
    nodes.Extends: "extends",
    nodes.Include: "includes",
    nodes.Import: "imports",
    nodes.FromImport: "imports from",
}
"""The statements that name another template."""


def check_syntax(subject: Subject) -> Iterator[Problem]:
    """Find templates that do not compile."""
    for template in subject.template_files:
        if template.error is not None:
            yield Problem(
                SYNTAX,
                f"The template {template.name!r} does not compile: {template.error.message}",
                template.at(template.error.lineno),
            )
    engine = subject.app.templates
    for mistake in engine.mistakes() if isinstance(engine, FindsMistakes) else ():
        yield Problem(
            SYNTAX,
            f"The template {mistake.name!r} does not compile: {mistake.message}",
            Place(mistake.file, mistake.line),
        )


def check_references(subject: Subject) -> Iterator[Problem]:
    """Find templates that extend, include or import one that does not exist."""
    for template in subject.template_files:
        environment = jinja_of(subject.app)
        if template.tree is not None and environment is not None:
            yield from _missing(environment, template, template.tree)


def _missing(
    environment: jinja2.Environment, template: TemplateFile, tree: nodes.Template
) -> Iterator[Problem]:
    for node in tree.find_all(tuple(NAMING)):
        if getattr(node, "ignore_missing", False):
            continue
        for names in alternatives(getattr(node, "template", None)):
            joined = [environment.join_path(name, template.name) for name in names]
            if names and not any(exists(environment, name) for name in joined):
                yield Problem(
                    REFERENCES,
                    f"The template {template.name!r} {NAMING[type(node)]}"
                    f" {' or '.join(map(repr, joined))}, which does not exist.",
                    template.at(node.lineno),
                )


def alternatives(node: object) -> Iterator[list[str]]:
    """The literal names an expression stands for, any one of each list being enough.

    What is no literal is left out.
    """
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield [node.value]
    elif isinstance(node, nodes.List | nodes.Tuple):
        found = [names for item in node.items for names in alternatives(item)]
        if len(found) == len(node.items):
            yield [name for names in found for name in names]
    elif isinstance(node, nodes.CondExpr):
        yield from alternatives(node.expr1)
        yield from alternatives(node.expr2)


SYNTAX_CHECK: Final = Check(
    SYNTAX, "templates that do not compile: syntax, unknown filters and tests", check_syntax
)
REFERENCES_CHECK: Final = Check(
    REFERENCES,
    "templates that extend, include or import a template that does not exist",
    check_references,
)
"""The rows of the table."""
