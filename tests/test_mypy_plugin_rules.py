"""Rules as the plugin and `typedflask check` read them, and what does not fit about a view."""

from __future__ import annotations

import pytest

from typedflask.checks.rules import (
    MalformedRule,
    Parameter,
    Variable,
    mismatches,
    read_rule,
    unknown_converters,
)


def test_a_rule_is_taken_apart() -> None:
    rule = read_rule("/a/<name>/<any(b, c):kind>-<int:number>.html")
    assert rule.parts == (
        "/a/",
        Variable("name"),
        "/",
        Variable("kind", "any", "b, c"),
        "-",
        Variable("number", "int"),
        ".html",
    )
    assert list(rule.variables) == ["name", "kind", "number"]
    assert "".join(map(str, rule.parts)) == rule.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/<int:a>/<a>", "two variables called 'a'"),
        ("/<a", "'<' at position 1"),
        ("/a>/<b>", "'>' at position 2"),
        ("/<1a>", "'<' at position 1"),
        ("/<a>/<int:>", "'<' at position 5"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(text: str, said: str) -> None:
    with pytest.raises(MalformedRule, match=said):
        read_rule(text)


def test_a_converter_that_nobody_registered_is_named_with_the_one_that_was_meant() -> None:
    rule = read_rule("/<itn:a>/<year:b>/<int:c>/<wholly_other:d>")
    first, second = unknown_converters(rule, {"year"})
    assert "'itn'" in first
    assert first.endswith("Did you mean 'int'?")
    assert "'wholly_other'" in second
    assert "Did you mean" not in second


TAKES = {
    "plain": (Parameter("a"),),
    "optional": (Parameter("a", required=False),),
    "two": (Parameter("a"), Parameter("b")),
    "positional": (Parameter("a", "by position"),),
    "rest": (Parameter("rest", "other names", required=False),),
    "positions": (Parameter("a", "other positions", required=False),),
    "nothing": (),
}


@pytest.mark.parametrize(
    ("text", "takes", "said"),
    [
        ("/<a>", "plain", []),
        ("/", "optional", []),
        ("/<a>/<b>", "rest", []),
        ("/", "rest", []),
        ("/<a>", "nothing", ["no parameter for the variable 'a'"]),
        ("/<a>", "positions", ["no parameter for the variable 'a'"]),
        ("/<a>", "two", ["needs a value for 'b'"]),
        ("/", "plain", ["needs a value for 'a'"]),
        ("/", "positional", ["needs a value for 'a'"]),
        ("/", "positions", []),
        ("/<a>", "positional", ["takes 'a' by position only"]),
        ("/<b>", "plain", ["no parameter for the variable 'b'", "needs a value for 'a'"]),
    ],
)
def test_what_a_view_takes_is_compared_with_its_rule(
    text: str, takes: str, said: list[str]
) -> None:
    found = list(mismatches(read_rule(text), "view", TAKES[takes]))
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


def test_defaults_are_given_like_variables() -> None:
    rule = read_rule("/")
    assert list(mismatches(rule, "view", TAKES["plain"], defaults={"a"})) == []
    (said,) = mismatches(rule, "view", (), defaults={"a"})
    assert "no parameter for a default 'a'" in said


def test_a_preprocessor_takes_variables_out_and_puts_values_in() -> None:
    rule = read_rule("/<a>")
    assert list(mismatches(rule, "view", (), taken_out={"a"})) == []
    assert list(mismatches(rule, "view", (), taken_out=None)) == []
    assert list(mismatches(rule, "view", (), taken_out={"b"})) != []
    assert list(mismatches(rule, "view", TAKES["two"], put_in=True)) == []
