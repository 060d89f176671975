"""The environment of applications that change nothing about Jinja renders what Jinja renders.

Random templates and values, from a fixed seed; `TYPEDFLASK_FUZZ` multiplies the cases. Each page is
made by Jinja itself and by the quick environment: text and errors must be the same.
"""

from __future__ import annotations

import os
import re
from collections import OrderedDict, UserDict
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import jinja2
import pytest
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from tests.templating_stand_ins import App
from typedflask import Flask, render_template_string
from typedflask.templating import Environment, quick_jinja
from typedflask.templating.jinja import QuickEnvironment, create_environment, quicker

TEMPLATES = 500 * int(os.environ.get("TYPEDFLASK_FUZZ", "1"))
EACH = 40
"""How many times each template is rendered, with other values."""


class ByTheBook(Environment):
    """An environment of the application's own, which is Jinja's in everything."""


class Shown:
    """An object with attributes, items, and an HTML form."""

    name = "<attribute>"

    def __init__(self, html: str | None = None) -> None:
        if html is not None:
            self.number = 3

    @property
    def broken(self) -> str:
        raise AttributeError("<broken>")

    @property
    def failing(self) -> str:
        raise ValueError("<failing>")

    def __getitem__(self, key: object) -> str:
        if key in {"items", 2}:
            raise (KeyError if key == "items" else IndexError)(key)
        return f"<item {key}>"

    def __str__(self) -> str:
        return "<shown>"


class AsHTML(Shown):
    def __html__(self) -> str:
        return "<b>&</b>"


class Word(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "<word>"


class Number(int):
    def __str__(self) -> str:
        return "<number>"


class Keyed(dict[str, Any]):
    name = "<of the class>"


class Picky:
    """A key that is equal to nothing and says so loudly."""

    def __hash__(self) -> int:
        return hash("name")

    def __eq__(self, other: object) -> bool:
        raise LookupError("<compared>")


NAMES = ("name", "name", "items", "number", "number", "__class__", "get", "keys", "a", "_x")
RARE = ("broken", "failing")
WORDS = ("", "plain", "<a>", "&amp;", "it's", '"q"', "é<", "\U0001f600", "a" * 50, "x\ny")


def some_value(random: Random, depth: int = 0) -> Any:
    kind = random.randrange(24 if depth < 2 else 17)
    word = random.choice(WORDS)
    simple: list[Callable[[], Any]] = [
        lambda: word,
        lambda: random.randrange(-5, 10**6),
        lambda: random.choice((1.5, float("nan"), float("-inf"), 1e300)),
        lambda: random.random() < 0.5,
        lambda: None,
        lambda: Markup(word),
        lambda: Word(word),
        lambda: Number(7),
        lambda: Shown(word if random.random() < 0.5 else None),
        AsHTML,
        lambda: jinja2.Undefined(name="<gone>"),
        lambda: jinja2.StrictUndefined(name="<gone>"),
        lambda: Markup("<b>%s</b>") % word,
        word.encode,
        lambda: Shown,
        lambda: 10**400,
        lambda: {Picky(): 1},
    ]
    if kind < len(simple):
        return simple[kind]()
    if kind < 21:
        made = {name: some_value(random, depth + 1) for name in random.sample(NAMES, 4)}
        return random.choice((dict, dict, dict, Keyed, OrderedDict, UserDict))(made)
    return [some_value(random, depth + 1) for _ in range(random.randrange(4))]


def some_values(seed: float) -> dict[str, Any]:
    """The same again for the same seed, for templates may change what they are given."""
    random = Random(seed)
    return {"one": some_value(random), "two": some_value(random)}


def expression(random: Random, names: tuple[str, ...]) -> str:
    what = random.choice((*names * 5, "gone"))
    for _ in range(random.choice((0, 1, 1, 2))):
        name = random.choice(NAMES if random.random() < 0.95 else RARE)
        what += random.choice((f".{name}", f".{name}", f"[{name!r}]"))
    return random.choice(
        (
            *(what,) * 6,
            f"{what}|upper",
            f"{what}|default('<none>')",
            f"{what} ~ '<'",
            f"({what} if {what} else '<no>')",
            f"{what}|safe",
            f"{what}|string",
            f"[{what}, '<']|join('&')",
            f"{what} is defined",
            f"({what}, 1)[0]",
            "'<constant>'",
            "1 + 1",
        )
    )


def some_template(random: Random, names: tuple[str, ...], depth: int = 0) -> str:
    def inside(*more: str) -> str:
        return some_template(random, (*names, *more), depth + 1)

    def show() -> str:
        return f"<{{{{ {expression(random, names)} }}}}>"

    rows = random.choice(names)
    nested: list[Callable[[], str]] = [
        lambda: f"{{% if {expression(random, names)} %}}{inside()}{{% else %}}-{{% endif %}}",
        lambda: (
            f"{{% for row in {rows} %}}{{{{ loop.index }}}}{{{{ loop.last }}}}{inside('row')}"
            "{% else %}none{% endfor %}"
        ),
        lambda: f"{{% set part %}}{inside()}{{% endset %}}[{{{{ part }}}}{{{{ part|length }}}}]",
        lambda: f"{{% set part = {expression(random, names)} %}}{{{{ part }}}}",
        lambda: (
            f"{{% macro m{depth}(row, other='<') %}}{inside('row', 'other')}{{% endmacro %}}"
            f"{{{{ m{depth}({rows}) }}}}{{{{ m{depth}('<', 2)|upper }}}}"
        ),
        lambda: f"{{% filter upper %}}{inside()}{{% endfilter %}}",
        lambda: (
            f"{{% autoescape {random.choice(('true', 'false', rows))} %}}{inside()}"
            "{% endautoescape %}"
        ),
        lambda: f"{{% with row = {rows} %}}{inside('row')}{{% endwith %}}",
        lambda: "{% include 'part.html' %}{% include 'part.txt' without context %}",
        lambda: "{% from 'part.html' import shown with context %}{{ shown(one) }}{{ shown('<') }}",
        lambda: "{{ common }}{{ one() }}",
    ]
    parts = [show() for _ in range(random.randrange(1, 4))]
    if depth < 3:
        parts += [random.choice(nested)() for _ in range(random.randrange(3))]
    random.shuffle(parts)
    return "".join(parts)


PART = (
    "{% macro shown(value) %}<i>{{ value }}{{ value.name }}{{ two }}</i>{% endmacro %}"
    "({{ one.name }}{{ two }}{{ common }}{{ row }})"
)
LAYOUT = "<title>{% block title %}{{ one }}{% endblock %}</title>{{ self.title() }}{% block b %}{% endblock %}"


def both(pages: dict[str, str], **options: Any) -> tuple[jinja2.Environment, jinja2.Environment]:
    """Jinja's environment and the quick one."""
    environments: list[jinja2.Environment] = []
    for kind in (ByTheBook, Environment):
        app = App(jinja2.DictLoader(pages))
        app.jinja_environment = kind
        app.jinja_options = options
        environments.append(create_environment(app, {"common": "<&>", "one": "hidden"}))
    book, quick = environments
    assert type(book) is ByTheBook
    assert type(quick) is QuickEnvironment
    return book, quick


ADDRESS = re.compile("0x[0-9a-f]+", re.IGNORECASE)


def result_of(
    environment: jinja2.Environment, name: str, values: dict[str, Any]
) -> tuple[str, type[Exception] | None, str]:
    """The page; or how far it came, and the error with its message."""
    pieces: list[str] = []
    try:
        pieces.extend(environment.get_template(name).generate(values))
    except Exception as error:
        return ADDRESS.sub("0x", "".join(pieces)), type(error), ADDRESS.sub("0x", str(error))
    return ADDRESS.sub("0x", "".join(pieces)), None, ""


OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"undefined": jinja2.ChainableUndefined},
    {"undefined": jinja2.ChainableUndefined},
    {"undefined": jinja2.StrictUndefined},
    {"finalize": lambda value: "" if value is None else value},
    {"optimized": False},
    {"autoescape": False},
    {"extensions": ["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n"]},
)


@pytest.mark.no_cover  # in a quarter of the time
def test_random_pages_are_those_of_jinja() -> None:
    random = Random(17)
    shown = failed = 0
    for number in range(TEMPLATES):
        body = some_template(random, ("one", "two"))
        block = some_template(random, ("one", "two"))
        pages = {
            "part.html": PART,
            "part.txt": PART,
            "layout.html": LAYOUT,
            "plain.html": body,
            "page.html": f"{{% extends 'layout.html' %}}{{% block title %}}{block}{{{{ super() }}}}"
            f"{{% endblock %}}{{% block b %}}{body}{{% endblock %}}",
            "plain.txt": body,
        }
        book, quick = both(pages, **random.choice(OPTIONS))
        for _ in range(EACH):
            name = random.choice(("plain.html", "page.html", "page.html", "plain.txt"))
            seed = random.random()
            expected = result_of(book, name, some_values(seed))
            assert result_of(quick, name, some_values(seed)) == expected, (number, name, pages)
            shown, failed = (shown, failed + 1) if expected[1] else (shown + 1, failed)
    assert shown > TEMPLATES * EACH // 4
    assert failed > TEMPLATES * EACH // 100


def test_random_values_are_shown_as_escape_shows_them() -> None:
    random = Random(18)
    for _ in range(TEMPLATES * EACH):
        value = some_value(random)
        try:
            expected = str(escape(value))
        except Exception as error:
            with pytest.raises(type(error)):
                quick_jinja.shown(value)
        else:
            assert str(quick_jinja.shown(value)) == expected


def test_without_the_function_below_escape_the_public_one_does_the_work() -> None:
    def other(text: str) -> str:
        return text

    for found in (other, None):
        escaped = quick_jinja.find_escaped(found)
        assert escaped is not found
        assert escaped("<&>") == "&lt;&amp;&gt;"


def test_an_attribute_of_dicts_wins_over_a_key() -> None:
    book, quick = both({"a.html": "{{ row.items() }}{{ row.get('items') }}{{ row.name }}"})
    row = {"items": "<i>", "name": "<n>"}
    page = quick.get_template("a.html").render(row=row)
    assert page == book.get_template("a.html").render(row=row)
    assert "&lt;n&gt;" in page


def test_pages_are_shown_by_the_quick_way() -> None:
    """Otherwise the comparisons above would compare Jinja with itself."""
    _, quick = both({})
    assert "typedflask_shown(" in quick.compile("{{ a }}", raw=True)
    assert "escape(" not in quick.compile("{{ a }}", raw=True).partition("def root")[2]


# --- what is not Jinja as it comes stays Jinja's --------------------------------------------------


def test_code_that_another_environment_may_run_is_jinjas(tmp_path: Path) -> None:
    cache = jinja2.FileSystemBytecodeCache(str(tmp_path))
    _, quick = both({"a.html": "{{ a }}"}, bytecode_cache=cache)
    assert quick.get_template("a.html").render(a="<") == "&lt;"
    plain = jinja2.Environment(
        loader=jinja2.DictLoader({"a.html": "{{ a }}"}), bytecode_cache=cache, autoescape=True
    )
    assert plain.get_template("a.html").render(a="<") == "&lt;"

    _, quick = both({"a.html": "{{ a }}"})
    quick.compile_templates(tmp_path / "compiled", zip=None)
    loader = jinja2.ModuleLoader(tmp_path / "compiled")
    plain = jinja2.Environment(loader=loader, autoescape=True)
    assert plain.get_template("a.html").render(a="<") == "&lt;"


def test_an_environment_of_ones_own_is_what_it_says() -> None:
    class Sandboxed(Environment, SandboxedEnvironment):
        pass

    class Reading(Environment):
        def getattr(self, obj: Any, attribute: str) -> Any:
            return f"<{attribute}>"

    def shown_by(kind: type[Environment]) -> str:
        app = Flask("own")
        app.jinja_environment = kind
        assert type(app.jinja_env) is kind
        with app.app_context():
            return render_template_string("{{ row.name }}", row={"name": 1})

    assert shown_by(Reading) == "&lt;name&gt;"
    assert shown_by(Sandboxed) == "1"
    with Flask("sandboxed").app_context() as context:
        context.app.jinja_environment = Sandboxed
        with pytest.raises(jinja2.exceptions.SecurityError):
            render_template_string("{{ ''.__class__.__mro__ }}")


@pytest.mark.parametrize("name", quick_jinja.REPLACED)
def test_what_was_replaced_on_the_class_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program may set these on the class that all applications use."""

    class Generator(CodeGenerator):
        pass

    class Template(jinja2.Template):
        pass

    own = {"code_generator_class": Generator, "template_class": Template, "getattr": object()}[name]
    assert quicker(Environment) is QuickEnvironment
    monkeypatch.setattr(Environment, name, own)
    assert quicker(Environment) is Environment


def test_what_is_replaced_on_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(Context):
        def resolve_or_missing(self, key: str) -> Any:
            return f"<{key}>"

    _, quick = both({"a.html": "{{ a.b }}", "b.html": "{{ a }}"})
    monkeypatch.setattr(quick, "getattr", lambda obj, attribute: attribute)
    assert quick.get_template("a.html").render(a=1) == "b"
    quick.context_class = Own
    assert quick.get_template("b.html").render(a=1) == "&lt;a&gt;"


def test_a_name_that_is_no_text_is_refused_as_by_jinja() -> None:
    for environment in both({"a.html": "{{ a }}"}):
        with pytest.raises(TypeError, match="keywords must be strings"):
            environment.get_template("a.html").render({1: 2})


def test_names_of_all_templates_are_those_of_the_moment() -> None:
    for environment in both({"a.html": "{{ common }}{{ later }}"}):
        template = environment.get_template("a.html", globals={"later": 1})
        assert template.render() == "&lt;&amp;&gt;1"
        environment.globals["common"] = 2
        assert template.render() == "21"
        assert template.render(common=3) == "31"
        assert "{'common'" not in str(template.new_context({"a": 1}).vars)
        assert template.new_context({"a": 1}).globals_keys == set(template.globals)
