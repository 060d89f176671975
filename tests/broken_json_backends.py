"""JSON backends that are wrong in one way each, and the tests of `JSONConformance` that notice.

No test of the project: `test_conformance_json.py` runs it in a process of its own and compares what
fails with what is to fail.
"""

from __future__ import annotations

import json
import time
from typing import Any, ClassVar

from werkzeug.wrappers import Response

from typedflask import Flask
from typedflask.json import JSONBackend, JSONProvider, default_json, iso_json
from typedflask.json.stdlib import StdlibJSON
from typedflask.testing.conformance.json import JSONConformance

# Any, in this module: overridden methods repeat the documented signatures.

BROKEN: dict[str, set[str]] = {}
"""The name of each test class, and the tests of it that fail."""

VALUE = "test_a_value_is_written_as_the_documentation_says"
DATES = "test_dates_are_written_in_the_form_that_was_chosen"
REFUSED = "test_what_json_has_no_form_for_is_a_type_error"
NAMED = "test_the_error_names_the_type"
NESTING = "test_nesting_without_end_is_an_error_and_no_crash"
INSIDE = "test_an_error_inside_the_value_comes_through"
STOPS = "test_what_must_stop_the_program_stops_it"
UNCHANGED = "test_writing_leaves_the_value_as_it_was"
THREADS = "test_threads_do_not_disturb_each_other"
SORTED = "test_keys_are_sorted"
UNSORTED = "test_sorting_can_be_switched_off"
NO_ORDER = "test_keys_that_cannot_be_put_in_order_are_a_type_error"
ESCAPED = "test_what_is_not_ascii_is_escaped"
UNESCAPED = "test_escaping_can_be_switched_off"
OPTIONS = "test_options_of_one_call_are_those_of_the_standard_library"
BODY = "test_a_body_is_compact_and_ends_in_one_line_feed"
DEBUG = "test_debug_mode_lays_bodies_out"
LAYOUT = "test_layout_can_be_chosen"
CALLED = "test_a_response_is_called_json"
CLASS = "test_a_response_is_of_the_applications_class"
ARGUMENTS = "test_a_response_is_made_of_one_value_several_or_names"
READ = "test_a_text_is_read_as_the_standard_library_reads_it"
BACK = "test_what_was_written_can_be_read"
MALFORMED = "test_what_is_malformed_is_a_value_error"
ANSWERED = "test_a_client_that_sends_it_is_answered_400"
BY_BACKEND = "test_a_body_is_read_by_the_backend"
CLIENT = "test_the_test_client_writes_and_reads_with_it"


WRITING = {VALUE, DATES, REFUSED, NESTING, ESCAPED}
READING = {READ, BACK, MALFORMED, ANSWERED}


def fails(*tests: str) -> Any:
    """Make a test class for a backend, of which exactly these tests fail.

    To save time, the many cases of writing are left out where only reading fails, and vice versa.
    """
    left_out = READING if not READING & {*tests} else WRITING - {*tests}

    def note(broken: type[JSONProvider]) -> type[JSONProvider]:
        class Broken(JSONConformance):
            def make_backend(self, app: Flask) -> JSONBackend:
                return broken(app)

        name = f"Test{broken.__name__}"
        nothing = dict.fromkeys(left_out)
        globals()[name] = type(name, (Broken,), {"__module__": __name__} | nothing)
        BROKEN[name] = set(tests)
        return broken

    return note


# --- writing -----------------------------------------------------------------------------


@fails(VALUE)
class NaNIsNull(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj, **kwargs).replace("NaN", "null").replace("Infinity", "0")


@fails(DATES)
class ISODates(StdlibJSON):
    default = staticmethod(iso_json)


@fails(REFUSED, NAMED)
class SetsAreLists(StdlibJSON):
    @staticmethod
    def default(o: Any) -> Any:
        return list(o) if isinstance(o, set) else default_json(o)


@fails(NAMED)
class AnonymousErrors(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        try:
            return super().dumps(obj, **kwargs)
        except TypeError:
            raise TypeError("no JSON") from None


@fails(NESTING)
class DeepWritingCrashes(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        try:
            return super().dumps(obj, **kwargs)
        except ValueError:
            raise RecursionError from None


@fails(INSIDE)
class HidesErrors(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        try:
            return super().dumps(obj, **kwargs)
        except LookupError:
            raise TypeError("no JSON") from None


@fails(STOPS)
class GoesOn(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        try:
            return super().dumps(obj, **kwargs)
        except KeyboardInterrupt:
            return super().dumps(obj, **kwargs)


@fails(UNCHANGED)
class Cleans(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        text = super().dumps(obj, **kwargs)
        if isinstance(obj, dict) and isinstance(obj.get("a"), dict) and None in obj["a"].values():
            obj["a"].clear()
        return text


@fails(THREADS)
class OneBuffer(StdlibJSON):
    buffer: ClassVar[str] = ""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        type(self).buffer = super().dumps(obj, **kwargs)
        time.sleep(0.001)
        return self.buffer


# --- options -----------------------------------------------------------------------------


@fails(VALUE, SORTED, NO_ORDER, OPTIONS)
class NeverSorts(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj, **kwargs | {"sort_keys": False})


@fails(UNSORTED, OPTIONS)
class AlwaysSorts(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj, **kwargs | {"sort_keys": True})


@fails(NO_ORDER)
class SortsAnything(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        try:
            return super().dumps(obj, **kwargs)
        except TypeError as error:
            if "keys of several types" not in str(error):
                raise
            return super().dumps(obj, **kwargs | {"sort_keys": False})


@fails(VALUE, ESCAPED, OPTIONS)
class NeverEscapes(StdlibJSON):
    ensure_ascii = False


@fails(UNESCAPED, OPTIONS)
class AlwaysEscapes(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj, **kwargs | {"ensure_ascii": True})


@fails(OPTIONS, BODY, DEBUG, LAYOUT, ESCAPED)
class TakesNoOptions(StdlibJSON):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj)


# --- responses ---------------------------------------------------------------------------


class Answering(StdlibJSON):
    def response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().response(*args, **kwargs)
        return self.changed(response) or response

    def changed(self, response: Any) -> Response | None:
        raise NotImplementedError


@fails(BODY, DEBUG, LAYOUT, ESCAPED, UNESCAPED)
class NoLineFeed(Answering):
    def changed(self, response: Any) -> None:
        response.data = response.data.rstrip(b"\n")


@fails(DEBUG, LAYOUT)
class NeverLaysOut(StdlibJSON):
    def response(self, *args: Any, **kwargs: Any) -> Response:
        self.compact = True
        return super().response(*args, **kwargs)


@fails(LAYOUT)
class DebugWins(StdlibJSON):
    def response(self, *args: Any, **kwargs: Any) -> Response:
        self.compact = None
        return super().response(*args, **kwargs)


@fails(CALLED, CLIENT)
class OldMediaType(Answering):
    def changed(self, response: Any) -> None:
        response.mimetype = "text/x-json"


@fails(CLASS)
class OwnResponses(Answering):
    def changed(self, response: Any) -> Response:
        return Response(response.data, mimetype=response.mimetype)


@fails(ARGUMENTS)
class FirstArgument(StdlibJSON):
    def response(self, *args: Any, **kwargs: Any) -> Response:
        return super().response(*args[:1], **kwargs)


# --- reading -----------------------------------------------------------------------------


@fails(READ, BACK, BY_BACKEND, MALFORMED, ANSWERED)
class BigIntegersAreFloats(StdlibJSON):
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        def read(digits: str) -> float:
            return int(digits) if len(digits) < 20 else float(digits)

        return super().loads(s, **{"parse_int": read} | kwargs)


@fails(READ, BACK)
class RefusesNaN(StdlibJSON):
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        def refuse(name: str) -> float:
            raise ValueError(f"{name} is no JSON")

        return super().loads(s, parse_constant=refuse, **kwargs)


class NotJSON(Exception):
    pass


@fails(MALFORMED, ANSWERED)
class OwnErrors(StdlibJSON):
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except ValueError as error:
            raise NotJSON from error


@fails(MALFORMED, ANSWERED)
class NothingIsNull(StdlibJSON):
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return super().loads(s, **kwargs) if s.strip() else None


@fails(MALFORMED)
class DeepReadingCrashes(StdlibJSON):
    """The request turns this into a 400 all the same."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return json.loads(s, **kwargs)


@fails(READ, BACK, OPTIONS, MALFORMED, THREADS)
class ReadsBytesOnly(StdlibJSON):
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        if isinstance(s, str):
            raise TypeError("bytes, please")
        return super().loads(s, **kwargs)
