"""Random applications answer random requests alike with all shortcuts and with none of them.

From fixed seeds; `TYPEDFLASK_FUZZ` multiplies the cases.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.both_ways import Answer, answers, are_same
from tests.random_sites import random_site, requests_for
from tests.shortcuts import every_shortcut_off

CASES = 20_000 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))
"""Pairs of an application and a request."""
PARTS = 10
REQUESTS_PER_SITE = 40
SITES_PER_PART = CASES // PARTS // REQUESTS_PER_SITE

# Steps that drop a result drop open files and coroutines with it.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:.*:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:.*:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*:pytest.PytestUnraisableExceptionWarning"),
]


def of_seed(seed: int) -> list[Answer]:
    """What a site of a seed answers to its requests."""
    requests = requests_for(seed, random_site(seed, []), REQUESTS_PER_SITE)
    return answers(lambda notes: random_site(seed, notes), requests)


@pytest.mark.no_cover  # in a quarter of the time
@pytest.mark.parametrize("part", range(PARTS))
def test_random_sites_answer_alike(part: int) -> None:
    seeds = range(part * SITES_PER_PART, (part + 1) * SITES_PER_PART)
    fast = [of_seed(seed) for seed in seeds]
    with every_shortcut_off():
        slow = [of_seed(seed) for seed in seeds]
    statuses: Counter[str] = Counter()
    for seed, ours, theirs in zip(seeds, fast, slow, strict=True):
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            assert are_same(one, other), f"seed {seed}, request {place}:\n{one}\n{other}"
            statuses[one.status[:3]] += 1
    # Were nearly all answers of one kind, little would have been compared.
    assert statuses["200"] > sum(statuses.values()) // 10
    assert {"200", "308", "400", "404", "405", "500"} <= statuses.keys()
