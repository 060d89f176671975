"""Compare the quick ways with the general ones on many more random cases than each test run does.

usage: fuzz.py [CASES]

Each kind of comparison runs with at least CASES cases (200,000 by default), as many kinds at once as
there are processors, and is told on a line of its own. The exit status is 1 if one found a difference.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
MANY: Final = 200_000
"""How many cases of each kind a run of this tool has, unless told otherwise."""
LEAST: Final = 20_000
"""How many each kind has in `make test`."""


class Kind(NamedTuple):
    """One comparison."""

    name: str
    file: str
    """Of `tests`, without `test_` and `.py`."""
    test: str
    """Without `test_`."""
    cases: int = LEAST
    """How many it has when `TYPEDFLASK_FUZZ` is not set, which multiplies them."""

    @property
    def address(self) -> str:
        """What pytest calls it."""
        return f"tests/test_{self.file}.py::test_{self.test}"


KINDS: Final = (
    Kind(
        "applications and requests, all shortcuts", "shortcuts_random", "random_sites_answer_alike"
    ),
    Kind(
        "matches of paths",
        "matcher_differential",
        "shortcuts_agree_with_werkzeug_on_random_rules_and_paths",
        40_000,
    ),
    Kind(
        "URLs",
        "url_building_differential",
        "urls_are_those_of_werkzeug_on_random_rules_and_values",
        30_000,
    ),
    Kind(
        "query strings of URLs",
        "url_building_differential",
        "query_strings_are_those_of_werkzeug",
        30_000,
    ),
    Kind(
        "rules",
        "rules_compiled_late",
        "rules_that_waited_are_what_werkzeug_makes_of_them",
    ),
    Kind("adapters", "binding_differential", "adapters_are_those_of_werkzeug"),
    Kind(
        "queries and forms",
        "parsing_differential",
        "queries_and_forms_are_read_as_the_standard_library_reads_them",
    ),
    Kind("cookies", "parsing_differential", "cookies_are_read_as_werkzeug_reads_them"),
    Kind("dictionaries of values", "multidict", "it_is_read_as_werkzeugs_is"),
    Kind("bodies", "body_reading_differential", "bodies_are_read_as_by_the_general_ways"),
    Kind(
        "responses",
        "responses_differential",
        "responses_are_made_and_sent_as_the_general_way_does_it",
    ),
    Kind(
        "results with headers",
        "responses_differential",
        "headers_beside_a_body_are_put_on_alike_whether_they_are_simple_or_not",
    ),
    Kind("redirects", "responses_differential", "redirects_that_are_remembered_are_werkzeugs"),
    Kind(
        "headers set one after the other",
        "response_headers",
        "headers_set_one_after_the_other_are_as_werkzeugs",
    ),
    Kind(
        "uses of headers",
        "response_headers",
        "any_use_does_what_it_does_to_werkzeugs_headers",
    ),
    Kind(
        "JSON written",
        "json_shortcuts",
        "every_body_is_the_one_the_standard_library_writes",
    ),
    Kind("JSON read", "json_shortcuts", "every_body_is_read_as_the_general_way_reads_it"),
    Kind(
        "tagged JSON written and read",
        "session_cookie_differential",
        "values_are_written_and_read_as_when_every_tag_is_asked",
    ),
    Kind(
        "tagged JSON of strangers",
        "session_cookie_differential",
        "any_text_is_read_as_when_every_value_is_looked_at",
    ),
    Kind(
        "session cookies read",
        "session_cookie_differential",
        "cookies_are_read_as_itsdangerous_reads_them",
    ),
    Kind(
        "session cookies written",
        "session_cookie_differential",
        "cookies_are_written_as_itsdangerous_writes_them",
    ),
    Kind(
        "session cookies found",
        "session_cookie_differential",
        "a_cookie_is_found_where_werkzeug_finds_it",
    ),
    Kind(
        "session cookies set",
        "session_cookie_differential",
        "a_cookie_is_set_as_werkzeug_sets_it",
    ),
)
"""All there are."""


def run(kind: Kind, wanted: int) -> bool:
    """Run one comparison, tell of it, and say whether it found no difference."""
    factor = max(1, math.ceil(wanted / kind.cases))
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", kind.address],
        cwd=ROOT,
        env={**os.environ, "TYPEDFLASK_FUZZ": str(factor)},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begun
    found = "alike" if done.returncode == 0 else "DIFFERENT"
    told = f"{kind.name:42}{factor * kind.cases:>12,} cases{seconds:>8.1f} s   {found}"
    print(told if done.returncode == 0 else f"{told}\n{done.stdout}{done.stderr}", flush=True)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Run all comparisons and give the exit status."""
    wanted = int(arguments[0]) if arguments else MANY
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        alike = list(pool.map(lambda kind: run(kind, wanted), KINDS))
    print(f"{len(KINDS)} kinds, {alike.count(False)} of them different")
    return 0 if all(alike) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
