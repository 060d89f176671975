"""The libraries as they are, under `JSONConformance`: where they differ, and that they know it.

`test_conformance_json.py` runs these tests in a process of its own, because the list of what is
expected to fail is long.
"""

from __future__ import annotations

from typedflask import Flask
from typedflask.json import JSONBackend
from typedflask.json.msgspec import NativeMsgspecJSON
from typedflask.json.orjson import NativeOrjsonJSON
from typedflask.testing.conformance.json import JSONConformance

WRITTEN = "test_a_value_is_written_as_the_documentation_says"
DATES = "test_dates_are_written_in_the_form_that_was_chosen"
REFUSED = "test_what_json_has_no_form_for_is_a_type_error"
READ = "test_a_text_is_read_as_the_standard_library_reads_it"
BACK = "test_what_was_written_can_be_read"


def cases(test: str, ids: str, reason: str) -> dict[str, str]:
    return {f"{test}[{case.strip()}]": reason for case in ids.split(";")}


NATIVE = (
    cases(WRITTEN, "NaN; infinities", "null stands for NaN and infinities")
    | cases(WRITTEN, "other dicts", "keys keep their order")
    | cases(WRITTEN, "a dict that shows other values", "dicts are written by what they store")
    | cases(WRITTEN, "booleans as keys; None as a key", "keys are text")
    | cases(BACK, "None as a key", "keys are text")
    | cases(READ, "a lone surrogate; NaN and infinities", "JSON has no such thing")
    | cases(READ, "a number beyond all floats", "it is refused")
    | cases(READ, "a byte order mark; UTF-16; UTF-32", "JSON is UTF-8")
    | cases(WRITTEN, "a lone surrogate", "text is UTF-8")
    | cases(BACK, "a lone surrogate", "text is UTF-8")
    | cases(REFUSED, "a time", "it is written as ISO 8601 says")
    | {
        "test_keys_are_sorted": "keys keep their order",
        "test_what_is_not_ascii_is_escaped": "text is UTF-8",
        "test_options_of_one_call_are_those_of_the_standard_library": "options are the library's",
    }
)


class TestNativeOrjson(JSONConformance):
    iso_dates = True
    otherwise = (
        NATIVE
        | {
            f"{test}[{name}]": "integers have 64 bits"
            for test in (WRITTEN, READ, BACK)
            for name in ("integers beyond 64 bits", "an integer of 30 digits")
        }
        | cases(READ, "an integer beyond 64 bits", "integers have 64 bits")
        | cases("test_a_body_is_read_by_the_backend", "an integer of 30 digits", "a float is read")
        | {
            f"{test}[{name}]": "keys are text"
            for test in (WRITTEN, BACK)
            for name in (
                "booleans as keys",
                "integers as keys",
                "floats as keys",
                "the key NaN",
                "a class of text as a key",
                "an enum that is text, as a key",
            )
        }
        | {"test_sorting_can_be_switched_off": "keys are text"}
    )

    def make_backend(self, app: Flask) -> JSONBackend:
        return NativeOrjsonJSON(app)


class TestNativeMsgspec(JSONConformance):
    iso_dates = True
    otherwise = (
        NATIVE
        | cases(WRITTEN, "integers as keys; floats as keys; the key NaN", "spelt otherwise")
        | cases(WRITTEN, "a class of text as a key", "keys keep their order")
        | cases(DATES, "a datetime in UTC", "it ends in Z")
        | cases(REFUSED, "a set; a frozenset; bytes; a bytearray; a timedelta", "it is written")
        | cases(REFUSED, "a date as a key; a UUID as a key; an enum as a key", "it is written")
        | {
            "test_the_error_names_the_type": "a set is written",
            "test_keys_that_cannot_be_put_in_order_are_a_type_error": "keys keep their order",
        }
    )

    def make_backend(self, app: Flask) -> JSONBackend:
        return NativeMsgspecJSON(app)
