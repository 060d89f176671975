"""The dictionary of arguments, fields and cookies is Werkzeug's in all but speed."""

from __future__ import annotations

import copy
import os
import pickle
import random
from collections.abc import Callable

import pytest
from werkzeug.datastructures import CombinedMultiDict, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequestKeyError

from typedflask.requests.multidict import holding

CASES = 20_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))

Values = ImmutableMultiDict[str, str]

VALUES = ("", "0", "7", "-1", "1.5", "x", "٣")


def refuse(value: str) -> str:
    """A conversion that fails as none should."""
    raise LookupError(value)


TYPES: tuple[Callable[[str], object], ...] = (int, float, str, len, refuse, bool)


def random_lists(chance: random.Random) -> dict[str, list[str]]:
    """Names with one or more values."""
    names = chance.sample("abc", chance.randrange(4))
    return {name: chance.choices(VALUES, k=chance.choice((1, 1, 2, 3))) for name in names}


def outcome(ask: Callable[[], object]) -> object:
    """What a call gives, or the error it raises."""
    try:
        return ask()
    except Exception as error:
        return type(error), error.args, str(error)


def reads(values: Values, chance: random.Random) -> object:
    """One way of reading, chosen at random."""
    key, kind, default = chance.choice("abcd"), chance.choice(TYPES), chance.choice(VALUES)
    change: Callable[[str], str] = chance.choice((str, str.upper, refuse))
    ways: tuple[Callable[[], object], ...] = (
        lambda: values[key],
        lambda: values.get(key),
        lambda: values.get(key, default),
        lambda: values.get(key, type=kind),
        lambda: values.get(key, default, change),
        lambda: values.getlist(key),
        lambda: values.getlist(key, kind),
        lambda: key in values,
        values.to_dict,
        lambda: values.to_dict(flat=False),
        lambda: list(values.items()),
        lambda: list(values.items(multi=True)),
        lambda: dict(values),
        lambda: {**values},
        lambda: list(values),
        lambda: list(values.listvalues()),
        lambda: values | {"z": "1"},
        lambda: repr(values),
        lambda: hash(values),
    )
    return outcome(chance.choice(ways))


def test_it_is_read_as_werkzeugs_is() -> None:
    chance = random.Random(58)
    for _ in range(CASES):
        lists = random_lists(chance)
        theirs: Values = ImmutableMultiDict(lists)
        seed = chance.random()
        own = holding({name: values[:] for name, values in lists.items()})
        assert own == theirs
        assert theirs == own
        assert reads(own, random.Random(seed)) == reads(theirs, random.Random(seed)), lists


@pytest.fixture
def args() -> Values:
    """The arguments of a request."""
    values: Values = holding({"a": ["1", "3"], "b": ["2"]})
    return values


def test_a_missing_name_is_the_clients_mistake(args: Values) -> None:
    with pytest.raises(BadRequestKeyError) as caught:
        args["c"]
    assert caught.value.args == ("c",)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("read", [lambda args: args[[]], lambda args: args.get([])])
def test_what_cannot_be_a_name_is_refused(read: Callable[[Values], object], args: Values) -> None:
    with pytest.raises(TypeError):
        read(args)


def test_lists_that_are_handed_out_are_copies(args: Values) -> None:
    args.getlist("a").append("4")
    assert args.getlist("a") == ["1", "3"]


def test_it_cannot_be_changed(args: Values) -> None:
    with pytest.raises(TypeError, match="'ImmutableMultiDict' objects are immutable"):
        args["a"] = "2"
    with pytest.raises(TypeError, match="'ImmutableMultiDict' objects are immutable"):
        args.add("a", "2")


def test_copies_are_werkzeugs_and_may_be_changed(args: Values) -> None:
    changed = args.copy()
    assert type(changed) is MultiDict
    changed.add("a", "5")
    assert changed.getlist("a") == ["1", "3", "5"]
    assert copy.copy(args) is args
    assert copy.deepcopy(args) == args


def test_pickles_do_not_need_this_package(args: Values) -> None:
    again: object = pickle.loads(pickle.dumps(args))
    assert type(again) is ImmutableMultiDict
    assert again == args


def test_its_class_makes_others(args: Values) -> None:
    made = type(args)([("a", "1"), ("a", "2")])
    assert made.getlist("a") == ["1", "2"]
    assert made["a"] == "1"


def test_it_can_be_combined(args: Values) -> None:
    both = CombinedMultiDict([MultiDict({"a": "0"}), args])
    assert both.getlist("a") == ["0", "1", "3"]
    assert both["b"] == "2"
