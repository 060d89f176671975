"""Templates that Python files name: each exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .problem import Problem
from .python_calls import argument, calls_of, literals
from .subject import Check, Subject
from .template_files import has_template

NAME: Final = "template-names"

FUNCTIONS: Final = {
    "render_template": "template_name_or_list",
    "stream_template": "template_name_or_list",
    "get_template_attribute": "template_name",
}
"""The functions that take the name of a template, and what they call it."""


def check(subject: Subject) -> Iterator[Problem]:
    """Find calls with the literal name of a template that does not exist."""
    for source in subject.sources:
        for function, call in calls_of(source, FUNCTIONS):
            for names in literals(argument(call, FUNCTIONS[function])):
                if names and not any(
                    has_template(app, name) for app in subject.apps for name in names
                ):
                    yield Problem(
                        NAME,
                        f"{function}() names the template {' or '.join(map(repr, names))}, which"
                        " does not exist.",
                        source.at(call),
                    )


CHECK: Final = Check(
    NAME,
    "`render_template` and its like in Python with the name of a template that does not exist",
    check,
)
"""The row of the table."""
