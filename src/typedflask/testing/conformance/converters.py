"""What every response rule and converter must do, as a pytest class: `ConverterConformance`.

A rule (`Rule`, for `Flask.with_rule`) and a converter (an object with `to_response`, for
`Flask(converter=...)`) are held to the same sentences: they make responses of what they accept, and
leave everything else as it was.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

from typedflask import Flask, Response
from typedflask.ctx import RequestContext
from typedflask.responses.contract import ResponseConverter
from typedflask.responses.rule import Rule
from typedflask.typing import BaseResponse

# Any, in all of this module: what an author's converter accepts is the author's affair.
Converter: TypeAlias = ResponseConverter[Any] | Rule[Any]
Make: TypeAlias = Callable[[], Any]


class Shape(NamedTuple):
    """What of an answer must be the same whenever the same value is converted."""

    status: str
    headers: frozenset[tuple[str, str]]
    body: bytes


class Unequal:
    """A value that cannot be compared, measured, asked for its truth or shown, as arrays cannot."""

    def __eq__(self, other: object) -> bool:
        raise ArithmeticError("which of its parts?")

    def __bool__(self) -> bool:
        raise ArithmeticError("which of its parts?")

    def __len__(self) -> int:
        raise ArithmeticError("along which axis?")

    def __hash__(self) -> int:
        raise ArithmeticError("it may change")

    def __repr__(self) -> str:
        raise ArithmeticError("it is too large")


class OwnResponse(Response):
    """The response class of the applications here, so that others stand out."""

    default_mimetype: str | None = "text/x-conformance"


def _wsgi(environ: Any, start_response: Callable[..., object]) -> list[bytes]:
    start_response("418 I'M A TEAPOT", [("Content-Type", "text/plain")])
    return [b"tea"]


FLASKS_OWN: Final[tuple[Make, ...]] = (
    lambda: "text",
    lambda: "",
    lambda: b"bytes",
    lambda: bytearray(b"bytes"),
    dict,
    lambda: {"a": 1},
    list,
    lambda: [1, 2],
    lambda: iter(["a", "b"]),
    lambda: (part for part in (b"a", b"b")),
    lambda: io.BytesIO(b"file"),
    lambda: OwnResponse("response"),
    lambda: _wsgi,
)
"""Values of every kind that Flask converts, made anew each time: a stream is used up by one look."""

NOBODYS: Final[tuple[Make, ...]] = (
    lambda: None,
    lambda: True,
    lambda: 1,
    lambda: -1.5,
    lambda: 1j,
    lambda: (),
    set,
    frozenset,
    object,
    lambda: object,
    lambda: type,
    lambda: Ellipsis,
    lambda: NotImplemented,
    lambda: len,
    lambda: range(3),
    lambda: memoryview(b""),
    lambda: ValueError("x"),
    Unequal,
)
"""Values that views return by mistake, and odd ones."""
""


class ConverterMaking:
    """How the tests come by a converter and its values."""

    takes_over: ClassVar[tuple[type, ...]] = ()
    """Classes of values that Flask converts and that a rule takes over on purpose, such as `dict`."""

    def make_converter(self) -> Converter:
        """Give the converter or the rule."""
        raise NotImplementedError(
            f"{type(self).__name__} must define make_converter(self), which gives a converter or a"
            " Rule"
        )

    def accepted(self) -> Sequence[object]:
        """Give values it accepts, as many as differ in kind; new ones at every call, always equal."""
        raise NotImplementedError(
            f"{type(self).__name__} must define accepted(self), which gives values to convert"
        )

    def refused(self) -> Sequence[object]:
        """Give values that look like accepted ones and are not; there need not be any."""
        return ()

    # --- what the tests use -----------------------------------------------------------------

    def _app(self, view: Make | None = None) -> Flask[Any]:
        made = self.make_converter()
        app: Flask[Any] = (
            Flask("conformance").with_rule(made)
            if isinstance(made, Rule)
            else Flask("conformance", converter=made)
        )
        app.response_class = OwnResponse
        app.testing = True  # an error is raised and not answered
        if view is not None:
            app.add_url_rule("/", "view", view)
        return app

    def _numbers(self) -> range:
        count = len(self.accepted())
        assert count, "accepted() gives no value, so that nothing is tested"
        return range(count)

    def _view(self, number: int) -> Make:
        return lambda: self.accepted()[number]

    def _refused_value(self, number: int) -> object:
        return self.refused()[number]

    def _accepts(self, value: object) -> object:
        """What the check says; True for a converter without one."""
        made = self.make_converter()
        check: object = made.accepts if isinstance(made, Rule) else getattr(made, "accepts", None)
        return check(value) if callable(check) else True

    @property
    def _has_check(self) -> bool:
        made = self.make_converter()
        return isinstance(made, Rule) or hasattr(made, "accepts")

    def _make(self, value: object, context: RequestContext[Any]) -> object:
        made = self._converted(value, context)
        if isinstance(made, BaseResponse):
            made.close()  # what it would send may be an open file
        return made

    def _converted(self, value: object, context: RequestContext[Any]) -> object:
        converter = self.make_converter()
        if isinstance(converter, Rule):
            return converter.convert(value, context)
        return converter.to_response(value)


def shape(app: Flask[Any], method: str = "GET") -> Shape:
    """What an application answers, without the time of the day."""
    with app.test_client().open("/", method=method) as response:
        headers = frozenset((name, value) for name, value in response.headers if name != "Date")
        return Shape(response.status, headers, response.data)


def in_tuple(view: Make, rest: tuple[object, ...]) -> tuple[object, ...]:
    """What a view returns, in a tuple with something beside it."""
    return (view(), *rest)


def instead(view: Make, error: Exception) -> object:
    """What a view returns, as an error handler's answer."""
    return view()


def made_by(make: Make) -> object:
    """A value of a table, of which nothing is known."""
    return make()


def name_of(value: object) -> str:
    """A value in a message: by its class, because showing it may fail."""
    return f"a value of the class {type(value).__name__}"


class ConverterConformance(ConverterMaking):
    """The tests of a rule or converter: subclass, name it `Test…`, define two or three methods.

    ::

        class TestMoney(ConverterConformance):
            def make_converter(self) -> Rule[Money]:
                return MONEY

            def accepted(self) -> list[Money]:
                return [Money(0), Money(250)]

            def refused(self) -> list[object]:
                return [250, "2.50"]
    """

    # --- the check ---------------------------------------------------------------------------

    def test_the_check_accepts_every_value_it_is_for(self) -> None:
        """A rule's `accepts`, or a converter's if it has one, says True of what can be converted."""
        for value in self.accepted():
            answer = self._accepts(value)
            assert answer is True, f"accepts() gave {answer!r} for {name_of(value)} of accepted()"

    def test_the_check_leaves_other_values_to_other_rules(self) -> None:
        """What it accepts by mistake, no other rule gets to see."""
        if not self._has_check:
            return
        for value in self.refused():
            answer = self._accepts(value)
            assert answer is False, f"accepts() gave {answer!r} for {name_of(value)} of refused()"

    def test_the_check_can_be_asked_about_anything(self) -> None:
        """It is asked about whatever a view returned, mistakes included."""
        for make in NOBODYS + FLASKS_OWN:
            value = made_by(make)
            try:
                self._accepts(value)
            except Exception as error:
                raise AssertionError(
                    f"accepts() raised {error!r} for {name_of(value)}; begin with isinstance()"
                ) from error

    def test_the_check_leaves_none_alone(self) -> None:
        """None is a view that forgot its `return`, and stays an error that says so."""
        if self._has_check:
            assert self._accepts(None) is False, "accepts(None) must be False"

    def test_what_flask_converts_stays_as_it_is(self) -> None:
        """Text, bytes, dicts, lists, streams, files, responses and WSGI applications."""
        for make in FLASKS_OWN:
            if isinstance(make(), self.takes_over):
                continue
            plain = Flask("conformance")
            plain.response_class = OwnResponse
            plain.add_url_rule("/", "view", make)
            assert shape(self._app(make)) == shape(plain), (
                f"{name_of(made_by(make))} is converted otherwise than before; let accepts() refuse it,"
                " or name the class in takes_over"
            )

    # --- the conversion ------------------------------------------------------------------------

    def test_every_value_becomes_a_response(self) -> None:
        """Of any class: where it is not the application's, it is made one."""
        for number in self._numbers():
            app = self._app()
            with app.test_request_context() as context:
                value = self.accepted()[number]
                made = self._make(value, context)
            assert isinstance(made, BaseResponse), (
                f"{name_of(value)} became {name_of(made)}, which is no response"
            )

    def test_views_hooks_and_error_handlers_may_return_every_value(self) -> None:
        """And what comes of it can be sent: one status line, headers of one line each."""
        for number in self._numbers():
            view = self._view(number)
            answered = shape(self._app(view))
            early = self._app(lambda: "late")
            early.before_request(view)
            failing = self._app()
            failing.register_error_handler(404, partial(instead, view))
            assert shape(early) == answered, "a before_request function's value is sent otherwise"
            assert shape(failing) == answered, "an error handler's value is sent otherwise"

    def test_hooks_see_a_response_of_the_applications_class(self) -> None:
        """`after_request` functions may change its headers."""
        for number in self._numbers():
            app = self._app(self._view(number))
            seen: list[object] = []

            @app.after_request
            def look(response: Response, seen: list[object] = seen) -> Response:
                seen.append(response)
                response.headers["X-Seen"] = "1"
                return response

            with app.test_client().get("/") as answer:
                assert answer.headers["X-Seen"] == "1"
            assert isinstance(seen[0], OwnResponse), f"a hook saw {name_of(seen[0])}"

    def test_equal_values_become_equal_responses(self) -> None:
        """Nothing but the value and the request decides; the time of the day does not."""
        for number in self._numbers():
            app = self._app(self._view(number))
            first, second = shape(app), shape(app)
            assert first == second, (
                f"value {number} of accepted() was converted twice and differs: {first} and then"
                f" {second}"
            )

    def test_every_conversion_makes_a_response_of_its_own(self) -> None:
        """One that is kept for the next request has the headers and cookies of the last one."""
        for number in self._numbers():
            app = self._app()
            with app.test_request_context() as context:
                first = self._make(self.accepted()[number], context)
                second = self._make(self.accepted()[number], context)
            assert first is not second, "the same response object was given twice; make a new one"

    def test_many_threads_may_convert_at_once(self) -> None:
        """A converter belongs to the application, and a server answers several requests at once."""
        numbers = [*self._numbers()] * 8
        app = self._app()

        @app.get("/<int:number>")
        def view(number: int) -> Any:
            return self.accepted()[number]

        def get(number: int) -> bytes:
            with app.test_client().get(f"/{number}") as response:
                data: bytes = response.data
                return data

        alone = [get(number) for number in numbers]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(get, numbers))
        assert together == alone, "conversions at the same time disturb each other"

    # --- around the value ----------------------------------------------------------------------

    def test_a_status_and_headers_may_stand_beside_every_value(self) -> None:
        """`(value, status)`, `(value, headers)` and `(value, status, headers)`."""
        for number in self._numbers():
            view = self._view(number)
            alone = shape(self._app(view))
            for rest, status in (
                ((203,), "203"),
                (({"X-Beside": "1"},), alone.status[:3]),
                (("203 Mine", [("X-Beside", "1")]), "203"),
            ):
                beside = shape(self._app(partial(in_tuple, view, rest)))
                assert beside.status[:3] == status, f"the status beside it became {beside.status}"
                assert beside.body == alone.body, "the body differs with a status or headers beside"
                assert beside.headers - {("X-Beside", "1")} == alone.headers, (
                    "the headers differ with a status or headers beside"
                )

    def test_head_is_answered_like_get_without_the_body(self) -> None:
        """The headers are the same, the length among them (RFC 9110, section 9.3.2)."""
        for number in self._numbers():
            app = self._app(self._view(number))
            got, asked = shape(app), shape(app, "HEAD")
            assert asked == got._replace(body=b""), f"GET gave {got}, HEAD {asked}"

    def test_the_length_that_is_announced_is_the_bodys(self) -> None:
        """A client waits for what is missing, and takes what is too much for the next answer."""
        for number in self._numbers():
            answered = shape(self._app(self._view(number)))
            lengths = [value for name, value in answered.headers if name == "Content-Length"]
            assert lengths in ([], [str(len(answered.body))]), (
                f"{len(answered.body)} bytes are sent, and Content-Length says {lengths}"
            )

    # --- what is not converted -----------------------------------------------------------------

    def test_what_is_refused_is_a_clear_error(self) -> None:
        """A converter without `accepts` is asked for everything, and raises a TypeError then."""
        if self._has_check:
            return  # the framework's own error then
        for number, value in enumerate(self.refused()):
            app = self._app(partial(self._refused_value, number))
            try:
                with app.test_client().get("/") as answer:
                    status = answer.status
            except TypeError as error:
                if not str(error):
                    raise AssertionError(
                        f"the TypeError for {name_of(value)} says nothing"
                    ) from error
            except Exception as error:
                raise AssertionError(
                    f"{name_of(value)} is refused by {error!r}; raise a TypeError that says what is"
                    " accepted, or define accepts()"
                ) from error
            else:
                raise AssertionError(f"{name_of(value)} of refused() was answered with {status}")

    def test_messages_and_tables_can_name_it(self) -> None:
        """The error for a value that nobody accepts lists it, and so does `typedflask rules`."""
        names = self._app().responses.names()
        made = self.make_converter()
        wanted = made.name if isinstance(made, Rule) else type(made).__name__
        assert wanted.strip(), "the rule has no name"
        assert "\n" not in wanted, f"the rule's name has several lines: {wanted!r}"
        assert any(wanted in name for name in names)


__all__ = ["ConverterConformance", "OwnResponse"]
