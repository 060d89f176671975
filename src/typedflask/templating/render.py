"""The render functions an application calls: whole or streamed, by name or from text.

They act for the application whose context is active. The steps are the same with every engine:
find the template, let the application add to the context, say so by signal, render, say so again.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Iterator
from typing import Any, cast

from typedflask.notices import Notice, before_render_template, template_rendered
from typedflask.templating.asking import active_app, keep_context
from typedflask.templating.contract import (
    Template,
    TemplateApp,
    TemplateBackend,
    TemplateName,
)


# Any, here and below: templates take whatever the application wants to show.
def render_template(template_name_or_list: TemplateName, **context: Any) -> str:
    """Render a template with the given names and those of the context processors.

    A name given here wins over the same name from a processor. Behaviour from Flask's
    documentation.

    :param template_name_or_list: the template's name; or several, and the first that exists is
        taken; or a template the engine gave.
    :param context: the names the template may use.
    :returns: the whole text.
    :raises RuntimeError: no application is active.
    :raises LookupError: there is no such template (Jinja: `jinja2.TemplateNotFound`).
    """
    app = _application("render_template")
    return _render(app, _choose(app.templates, template_name_or_list), context)


def render_template_string(source: str, **context: Any) -> str:
    """Render a template given as text; values are escaped as in an HTML file.

    The text is a program: never build it from what a client sent, pass that as context.
    Behaviour from Flask's documentation.

    :param source: the template itself.
    :param context: the names the template may use.
    :returns: the whole text.
    :raises RuntimeError: no application is active.
    """
    app = _application("render_template_string")
    return _render(app, app.templates.from_source(source), context)


def stream_template(template_name_or_list: TemplateName, **context: Any) -> Iterator[str]:
    """Render a template piece by piece, to be returned from a view as a stream.

    The template is found, and the context processors run, at once; the text is made while the
    server sends it, with the request still active. Behaviour from Flask's documentation.

    :param template_name_or_list: as for `render_template`.
    :param context: the names the template may use.
    :returns: the pieces of the text.
    :raises RuntimeError: no application is active.
    :raises LookupError: there is no such template.
    """
    app = _application("stream_template")
    return _stream(app, _choose(app.templates, template_name_or_list), context)


def stream_template_string(source: str, **context: Any) -> Iterator[str]:
    """Render a template given as text piece by piece; see `stream_template`.

    Behaviour from Flask's documentation.

    :param source: the template itself.
    :param context: the names the template may use.
    :returns: the pieces of the text.
    :raises RuntimeError: no application is active.
    """
    app = _application("stream_template_string")
    return _stream(app, app.templates.from_source(source), context)


# Any: what a template defines has a type only the template knows.
def get_template_attribute(template_name: str, attribute: str) -> Any:
    """Give a macro or a variable a template defines, to use it from Python.

    With `{% macro greet(name) %}Good day, {{ name }}{% endmacro %}` in `_greet.html`,
    `get_template_attribute("_greet.html", "greet")("Ada")` is the greeting. Context processors
    do not run for it. Behaviour from Flask's documentation.

    :param template_name: the template's name.
    :param attribute: the name of the macro or variable.
    :returns: the macro, which may be called, or the variable's value.
    :raises RuntimeError: no application is active.
    :raises LookupError: there is no such template.
    :raises AttributeError: the template defines nothing of that name.
    :raises UnsupportedByEngine: templates of this engine define nothing Python could use.
    """
    return _application("get_template_attribute").templates.attribute(template_name, attribute)


def _application(function: str) -> TemplateApp:
    """Give the active application, on whose behalf `function` was called."""
    app = active_app()
    if app is None:
        raise RuntimeError(
            f"{function}() was called while no application is active, so there is nobody to ask"
            " for templates. Views and other callbacks of a request have one; elsewhere make a"
            " context around the call: `with app.app_context():`, or"
            " `with app.test_request_context():` if the template uses the request."
        )
    return app


def _choose(engine: TemplateBackend, wanted: object) -> Template:
    """Find what was asked for: a name, a template, or the first that exists of several."""
    if isinstance(wanted, str):
        return engine.find(wanted)
    if isinstance(wanted, Template):
        return wanted
    names: list[str] = []
    for each in _several(wanted):
        if isinstance(each, str):
            names.append(each)
        elif isinstance(each, Template):
            return _first(engine, names, each)
        else:
            raise _not_a_template(each)
    return engine.find(names)


def _first(engine: TemplateBackend, names: list[str], ready: Template) -> Template:
    """Find the first of the names that exists; if none does, take the template at hand."""
    try:
        return engine.find(names) if names else ready
    except LookupError:
        return ready


def _several(wanted: object) -> Iterable[object]:
    """Take what is neither name nor template for several of them, or refuse it."""
    # What has HTML of its own, an element of htpy say, is a page already and no list of names.
    if isinstance(wanted, bytes | bytearray) or hasattr(wanted, "__html__"):
        raise _not_a_template(wanted)
    if isinstance(wanted, Iterable):
        # The check cannot know what is inside; `_choose` looks at each.
        return cast("Iterable[object]", wanted)
    raise _not_a_template(wanted)


def _not_a_template(value: object) -> TypeError:
    return TypeError(
        f"{reprlib.repr(value)} ({type(value).__name__}) names no template; give a name such as 'page.html',"
        " several names of which the first that exists is taken, or a template of the engine"
    )


def _render(app: TemplateApp, template: Template, context: dict[str, Any]) -> str:
    """Complete the context, render, and tell the receivers before and after."""
    app.update_template_context(context)
    if before_render_template.receivers:
        _tell(before_render_template, app, template, context)
    text = template.render(context)
    if template_rendered.receivers:
        _tell(template_rendered, app, template, context)
    return text


def _stream(app: TemplateApp, template: Template, context: dict[str, Any]) -> Iterator[str]:
    """Complete the context now, and leave the text for when it is asked for."""
    app.update_template_context(context)
    if before_render_template.receivers:
        _tell(before_render_template, app, template, context)
    pieces = _pieces(app, template, context)
    keep = keep_context()
    return pieces if keep is None else keep(pieces)


def _tell(notice: Notice, app: TemplateApp, template: Template, context: dict[str, Any]) -> None:
    """Send a signal; callers look first whether it has receivers, which is nearly free."""
    notice.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)


def _pieces(app: TemplateApp, template: Template, context: dict[str, Any]) -> Iterator[str]:
    """Give the text piece by piece, and tell the receivers once the last one was taken."""
    yield from template.generate(context)
    if template_rendered.receivers:
        _tell(template_rendered, app, template, context)
