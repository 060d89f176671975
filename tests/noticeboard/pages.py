"""Templates and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from typedflask import (
    Flask,
    get_template_attribute,
    redirect,
    render_template,
    render_template_string,
    request,
    stream_template,
    stream_template_string,
    url_for,
)

if TYPE_CHECKING:
    from typedflask.typing import ResponseReturnValue

NOTICES = [
    {"title": "<b>Lost</b> & found", "tags": ["cat", "grey"]},
    {"title": "Piano", "tags": []},
]

INLINE = "{{ word }} {{ word|safe }} {{ {'a': '</script>'}|tojson }} {{ config.SECRET_KEY|length }}"


def help_to_build(error: Exception, endpoint: str, values: dict[str, Any]) -> str | None:
    """Build what no rule knows."""
    return f"/elsewhere/{endpoint}" if endpoint.startswith("old_") else None


def register(app: Flask) -> None:  # noqa: C901 - a list of views
    """Add the pages."""
    app.url_build_error_handlers.append(help_to_build)

    @app.template_filter()
    def shout(text: str) -> str:
        return text.upper()

    @app.template_filter("quietly")
    def whisper(text: str) -> str:
        return text.lower()

    @app.template_test()
    def tagged(notice: dict[str, list[str]]) -> bool:
        return bool(notice["tags"])

    @app.template_global("stars")
    def make_stars(count: int) -> Markup:
        return Markup("&#9733;") * count

    @app.context_processor
    def owner() -> dict[str, object]:
        return {"owner": "the town", "shadowed": "by the processor"}

    @app.get("/")
    def index() -> str:
        return render_template("index.html", notices=NOTICES, shadowed="by the view")

    @app.get("/inline")
    def inline() -> str:
        return render_template_string(INLINE, word="<i>")

    @app.get("/first-of-two")
    def first_of_two() -> str:
        return render_template(["missing.html", "plain.txt"], word="<i>")

    @app.get("/streamed-page")
    def streamed_page() -> ResponseReturnValue:
        return stream_template("index.html", notices=NOTICES), {"X-Kind": "stream"}

    @app.get("/streamed-text")
    def streamed_text() -> ResponseReturnValue:
        return stream_template_string("{% for i in range(3) %}{{ i }} {{ owner }} {% endfor %}")

    @app.get("/macro")
    def macro() -> str:
        hello = get_template_attribute("macros.html", "hello")
        return str(hello("you & me"))

    @app.get("/addresses")
    def addresses() -> ResponseReturnValue:
        return [
            url_for("index"),
            url_for("people"),
            url_for("people", page=3),
            url_for("colour", shade=(255, 0, 16)),
            url_for("deep", rest="a/b c/ü"),
            url_for("index", q="a b&c", many=[1, 2], none=None),
            url_for("index", _anchor="top of page"),
            url_for("index", _external=True),
            url_for("index", _external=True, _scheme="https"),
            url_for("thing", name="x", _method="PUT"),
            url_for("static", filename="note.txt"),
            url_for("desk.show", number=4),
            url_for("counter.drawer.open"),
            url_for("old_page", x=1),
        ]

    @app.get("/away")
    def away() -> ResponseReturnValue:
        return redirect(url_for("index", next=request.args.get("to")), 303)
