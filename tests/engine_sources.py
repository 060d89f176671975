"""The templates of the published tests, in the languages of the bundled engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import htpy
from htpy import Node
from markupsafe import escape

from typedflask import current_app, g, get_flashed_messages, request, session, url_for
from typedflask.testing.conformance.templates import Sample

JINJA: Final[dict[Sample, str]] = {
    "greeting": "Hello, {{ who }}!",
    "rows": "{% for row in rows %}<li>{{ row }}</li>{% endfor %}",
    "parts": '[{% include "greeting.html" %}]',
    "names": (
        "{{ url_for('item', number=3) }}|{{ request.args.q }}|{{ session.user }}|{{ g.nut }}|"
        "{{ config.TITLE }}|{% for message in get_flashed_messages() %}{{ message }}{% endfor %}"
    ),
    "filtered": "{{ amount | money }} in {{ shop() }}",
    "tested": "{% if number is twofold %}even{% else %}odd{% endif %}",
    "undefined": "[{{ nobody }}]",
    "macros": "{% macro greet(who) %}Hello, {{ who }}!{% endmacro %}{% set size = 3 %}",
    "calling": "{{ act() }}",
    "broken": "1\n2\n{% if %}",
    "failing": "1\n2\n{{ 1 // zero }}",
    "including": '1\n2\n{% include "gone.html" %}',
}

MAKO: Final[dict[Sample, str]] = {
    "greeting": "Hello, ${who}!",
    "rows": "% for row in rows:\n<li>${row}</li>\n% endfor\n",
    "parts": '[<%include file="greeting.html"/>]',
    "names": (
        "${url_for('item', number=3)}|${request.args['q']}|${session['user']}|${g.nut}|"
        "${config['TITLE']}|${' '.join(get_flashed_messages())}"
    ),
    "filtered": "${amount | money} in ${shop()}",
    "undefined": "[${nobody}]",
    "macros": '<%! size = 3 %><%def name="greet(who)">Hello, ${who}!</%def>',
    "calling": "${act()}",
    "broken": "1\n2\n% if x:\n",
    "failing": "1\n2\n${1 // zero}",
    "including": '1\n2\n<%include file="gone.html"/>',
}


def greeting(who: object) -> Node:
    return f"Hello, {who}!" if isinstance(who, int) else htpy.fragment["Hello, ", shown(who), "!"]


def shown(value: object) -> Node:
    """Give htpy what it takes, and the text of everything else."""
    return value if isinstance(value, str) else escape(value)


def rows(rows: list[str]) -> Node:
    return (htpy.li[shown(row)] for row in rows)


def parts(who: str) -> Node:
    return htpy.fragment["[", greeting(who), "]"]


def names() -> Node:
    flashed = " ".join(str(each) for each in get_flashed_messages())
    title = str(current_app.config["TITLE"])
    shown = url_for("item", number=3), request.args["q"], str(session["user"]), str(g.nut), title
    return "|".join((*shown, flashed))


def undefined(nobody: str) -> Node:
    return f"[{nobody}]"


def calling(act: Callable[[], str]) -> Node:
    return act()


HTPY: Final[dict[Sample, Callable[..., Node]]] = {
    "greeting": greeting,
    "rows": rows,
    "parts": parts,
    "names": names,
    "undefined": undefined,
    "calling": calling,
}
