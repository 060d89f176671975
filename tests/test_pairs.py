"""Query strings and forms are read as the standard library's `parse_qsl` reads them."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import ImmutableMultiDict

from typedflask.requests.pairs import KEEP_ENCODED, fields_of

PIECES = st.sampled_from(
    [
        "a",
        "b=",
        "=",
        "&",
        "&&",
        "+",
        "%20",
        "%",
        "%zz",
        "%C3%A9",
        "%ff",
        "é",
        "a=1",
        ";",
        "=&=",
        "\n",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=20))
def test_any_text_gives_what_parse_qsl_gives(text: str) -> None:
    """
    Names and values, their order, empty values and undecodable bytes are the same.
    """
    expected = ImmutableMultiDict(parse_qsl(text, keep_blank_values=True, errors=KEEP_ENCODED))
    assert list(fields_of(text, ImmutableMultiDict).lists()) == list(expected.lists())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a", [("a", "")]),
        ("a=1&a=2", [("a", "1"), ("a", "2")]),
        ("q=a+b%2B", [("q", "a b+")]),
        ("q=%ff", [("q", "%ff")]),
    ],
)
def test_plain_examples(text: str, expected: list[tuple[str, str]]) -> None:
    """
    The forms one meets every day.
    """
    fields = fields_of(text, ImmutableMultiDict).items(multi=True)
    assert [(name, value.lower()) for name, value in fields] == expected
