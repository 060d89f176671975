"""`typedflask check` on URLs and templates: what is named exists, and gets what it needs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checked_programs import assert_reported_where_marked, program
from tests.cli_project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    project = Project(tmp_path, monkeypatch)
    yield project
    project.close()


VIEWS = """
@app.get("/")
def index() -> str: ...
@app.get("/user/<name>")
def user(name: str) -> str: ...
@app.get("/users/")
@app.get("/users/<int:page>")
def users(page: int = 1) -> str: ...
@app.post("/form/<kind>")
def form(kind: str) -> str: ...
shop = Blueprint("shop", __name__, url_prefix="/shop")
@shop.get("/")
def shelf() -> str: ...
@shop.get("/<int:item>")
def item(item: int) -> str: ...
"""

URLS = {
    "endpoints that exist": """
        url_for("index")
        url_for("user", name="me", more=3, _anchor="top", _external=True)
        url_for("users")
        url_for("users", page=2)
        url_for("shop.item", item=2)
        url_for("static", filename="x.css")
        """,
    "an endpoint that does not exist": """
        url_for("indx")  # P: urls
        url_for(endpoint="indx")  # P: urls
        url_for("shop.indx")  # P: urls
        """,
    "a value that is missing": """
        url_for("user")  # P: urls
        url_for("user", nome="me")  # P: urls
        url_for("user", name=None)  # P: urls
        url_for("static", file="x.css")  # P: urls
        """,
    "values by position": """
        url_for("user", "me")  # P: urls
        """,
    "a method without a rule": """
        url_for("form", kind="x", _method="POST")
        url_for("form", kind="x", _method="GET")  # P: urls
        """,
    "what is no literal": """
        def of(endpoint: str, *more: str, **values: str) -> None:
            url_for(endpoint)
            url_for("user", **values)
            url_for(*more)
            url_for("form", kind="x", _method=endpoint)
            url_for("nobody", **values)  # P: urls
        """,
    "relative endpoints": """
        url_for(".shelf")
        url_for(".item", item=2)
        url_for(".item")  # P: urls
        url_for(".index")
        url_for(".nobody")  # P: urls
        """,
    "other names of the function": """
        import typedflask
        import typedflask as tf
        from typedflask import url_for as link
        typedflask.url_for("nobody")  # P: urls
        tf.url_for("nobody")  # P: urls
        link("nobody")  # P: urls
        current_app.url_for("nobody")  # P: urls
        """,
    "another function of the name": """
        def other() -> None:
            def url_for(name: str) -> None: ...
            url_for("nobody")
        """,
    "calls that are prepared for failing": """
        from werkzeug.routing import BuildError
        try:
            url_for("nobody")
        except BuildError:
            pass
        if "admin" in app.blueprints:
            url_for("admin.index")
        try:
            url_for("nobody")  # P: urls
        except ZeroDivisionError:
            pass
        """,
    "values from url_defaults": """
        url_for("user")
        url_for("form")  # P: urls
        """,
    "url_defaults that nobody can read": """
        url_for("user")
        url_for("nobody")  # P: urls
        """,
    "endpoints of somebody else": """
        url_for("nobody")
        """,
}


SET_UP = {
    "values from url_defaults": """
@app.url_defaults
def add(endpoint, values):
    values.setdefault("name", "me")
""",
    "url_defaults that nobody can read": """
@app.url_defaults
def add(endpoint, values):
    values.update(name="me")
""",
    "endpoints of somebody else": """
app.url_build_error_handlers.append(lambda error, endpoint, values: "/elsewhere")
""",
}


@pytest.mark.parametrize("name", URLS)
def test_urls_in_python(project: Project, name: str) -> None:
    """
    The calls stand in a function that nobody calls: they are read.
    """
    body = textwrap.indent(textwrap.dedent(URLS[name]), "    ")
    end = f"def never() -> None:\n{body}\napp.register_blueprint(shop)\n"
    source = f"{program(VIEWS)}{SET_UP.get(name, '')}\n{end}"
    assert_reported_where_marked(project, {"app.py": source})


def test_the_modules_of_a_package_are_read_that_were_imported(project: Project) -> None:
    main = "import site_parts.views\nfrom site_parts import app\n"
    files = {
        "app.py": main,
        "site_parts/__init__.py": program("from site_parts import views\n"),
        "site_parts/views.py": (
            "from typedflask import url_for\ndef view(): return url_for('x')  # P: urls\n"
        ),
        "site_parts/unused.py": "from typedflask import url_for\nurl_for('x')\n",
    }
    assert_reported_where_marked(project, files)


def test_what_is_meant_for_another_application_of_the_module_is_left_alone(
    project: Project,
) -> None:
    text = """
        other = Flask("other", template_folder="pages")
        @other.get("/there")
        def there() -> str:
            return render_template("there.html") + url_for("there")
        def nowhere() -> str:
            return render_template("nowhere.html")  # P: template-names
        def nothing() -> str:
            return url_for("nowhere")  # P: urls
        """
    assert_reported_where_marked(project, {"app.py": program(text), "pages/there.html": ""})


# --- templates ---------------------------------------------------------------------------

TEMPLATES = {
    "one that compiles": "{% extends 'base.html' %}{{ url_for('index') }}",
    "a statement that is not closed": "<p>\n{% if x %} {# P: template-syntax #}",
    "a statement that does not exist": "<p>\n{% fi %} {# P: template-syntax #}",
    "a filter that does not exist": "<p>\n{{ x|upper }}\n{{ x|uper }} {# P: template-syntax #}",
    "what exists": "{% extends 'base.html' %}{% include ['no.html', 'base.html'] %}",
    "extends what does not exist": "{# x #}\n{% extends 'bas.html' %} {# P: template-references #}",
    "includes what does not exist": "\n{% include 'bas.html' %} {# P: template-references #}",
    "includes one of several": "{% include ['a.html', 'b.html'] %} {# P: template-references #}",
    "imports what does not exist": "{% import 'bas.html' as b %} {# P: template-references #}",
    "imports from": "{% from 'bas.html' import b %} {# P: template-references #}",
    "extends one or the other": (
        "{% extends 'base.html' if x else 'bas.html' %} {# P: template-references #}"
    ),
    "may be missing": "{% include 'bas.html' ignore missing %}",
    "is not literal": "{% include name %}{% include name ~ '.html' %}",
    "an endpoint that does not exist": (
        "<a\n href='{{ url_for('indx') }}'> {# P: template-urls #}"
    ),
    "a value that is missing": "{{ url_for('user') }} {# P: template-urls #}",
    "a value that is None": "{{ url_for('user', name=None) }} {# P: template-urls #}",
    "values that are given": "{{ url_for('user', name=x) }}{{ url_for('user', **x) }}",
    "inside of a block": (
        "{% block a %}{% for x in y %}\n"
        "{{ url_for('indx', x=x)|upper }} {# P: template-urls #}\n{% endfor %}{% endblock %}"
    ),
    "a url_for of its own": "{% macro url_for(x) %}{{ x }}{% endmacro %}{{ url_for('indx') }}",
    "a url_for that is passed": "{% macro m(url_for) %}{{ url_for('indx') }}{% endmacro %}",
    "a url_for that is imported": "{% from 'base.html' import url_for %}{{ url_for('indx') }}",
}


@pytest.mark.parametrize("text", TEMPLATES.values(), ids=TEMPLATES)
def test_templates(project: Project, text: str) -> None:
    files = {
        "app.py": f"{program(VIEWS)}\napp.register_blueprint(shop)\n",
        "templates/base.html": "{% block a %}{% endblock %}",
        "templates/page.html": text,
        "templates/notes.md": "{% this is no template",
        "templates/picture.png": "{% nor is this",
    }
    assert_reported_where_marked(project, files)


def test_templates_of_blueprints_are_read_too(project: Project) -> None:
    files = {
        "app.py": program(
            "app.register_blueprint(Blueprint('b', __name__, template_folder='pages'))"
        ),
        "pages/b.html": "{{ url_for('nobody') }} {# P: template-urls #}",
    }
    assert_reported_where_marked(project, files)


NAMES = {
    "names that exist": """
        render_template("page.html", x=1)
        render_template(["no.html", "page.html"])
        """,
    "names that do not exist": """
        render_template("pag.html")  # P: template-names
        render_template(template_name_or_list="pag.html")  # P: template-names
        render_template(["a.html", "b.html"])  # P: template-names
        render_template("page.html" if 1 else "pag.html")  # P: template-names
        typedflask.stream_template("pag.html")  # P: template-names
        typedflask.get_template_attribute("pag.html", "x")  # P: template-names
        """,
    "no literals": """
        def of(name: str) -> None:
            render_template(name)
            render_template([name, "pag.html"])
            render_template(f"{name}.html")
        """,
    "prepared for failing": """
        from jinja2 import TemplateNotFound
        try:
            render_template("pag.html")
        except TemplateNotFound:
            render_template("pag.html")  # P: template-names
        """,
}


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_names_of_templates_in_python(project: Project, text: str) -> None:
    body = textwrap.indent(textwrap.dedent(text), "    ")
    source = program(f"\nimport typedflask\ndef never() -> None:\n{body}")
    assert_reported_where_marked(project, {"app.py": source, "templates/page.html": ""})
