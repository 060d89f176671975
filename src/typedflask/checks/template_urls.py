"""`url_for` in templates: endpoints exist, and get the values they need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jinja2 import nodes

from .building import UNKNOWN, UrlCall, trouble_with
from .problem import Problem
from .subject import Check, Subject

NAME: Final = "template-urls"
FUNCTION: Final = "url_for"


def check(subject: Subject) -> Iterator[Problem]:
    """Find calls of `url_for` in templates that cannot give a URL."""
    for template in subject.template_files:
        if template.tree is None or _has_its_own(template.tree):
            continue
        for call in template.tree.find_all(nodes.Call):
            written = read_call(call)
            trouble = None if written is None else trouble_with(subject.app, written)
            if trouble is not None:
                yield Problem(
                    NAME, f"In the template {template.name!r}: {trouble}", template.at(call.lineno)
                )


def _has_its_own(tree: nodes.Template) -> bool:
    """Whether a template gives the name another meaning somewhere."""
    defined = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    defined |= {node.name for node in tree.find_all(nodes.Macro)}
    defined |= {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        defined |= {name if isinstance(name, str) else name[1] for name in node.names}
    return FUNCTION in defined


def read_call(call: nodes.Call) -> UrlCall | None:
    """A call as it is written, if it is one of `url_for` with a literal endpoint."""
    if not isinstance(call.node, nodes.Name) or call.node.name != FUNCTION:
        return None
    given = {keyword.key: _literal(keyword.value) for keyword in call.kwargs}
    endpoint = _literal(call.args[0]) if call.args else given.pop("endpoint", UNKNOWN)
    if not isinstance(endpoint, str) or call.dyn_args is not None:
        return None
    return UrlCall(endpoint, given, open_ended=call.dyn_kwargs is not None)


def _literal(node: nodes.Expr) -> object:
    return node.value if isinstance(node, nodes.Const) else UNKNOWN


CHECK: Final = Check(
    NAME,
    "`url_for` in templates with an endpoint that does not exist, or without a value it needs",
    check,
)
"""The row of the table."""
