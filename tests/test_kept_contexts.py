"""What keeps a request after its view returned, besides a stream: templates, clients, debuggers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.streaming_site import ENDED, Site
from typedflask import (
    Flask,
    g,
    has_app_context,
    request,
    session,
    stream_template,
    stream_template_string,
    template_rendered,
)
from typedflask.ctx import RequestContext


@pytest.fixture
def site() -> Site:
    return Site()


# --- streaming templates --------------------------------------------------------------------


@pytest.mark.parametrize("by_name", [True, False])
def test_a_streamed_template_has_its_request_until_the_last_piece(
    tmp_path: Any, by_name: bool
) -> None:
    site = Site()
    source = "{% for n in range(3) %}{{ request.path }}{{ n }} {% endfor %}{{ session.user }}"
    (tmp_path / "page.txt").write_text(source)
    site.app.template_folder = str(tmp_path)

    @site.app.get("/template")
    def template() -> Iterator[str]:
        session["user"] = "Ada"
        return stream_template("page.txt") if by_name else stream_template_string(source)

    def rendered(sender: Flask, **extra: object) -> None:
        site.log.append(f"rendered with {request.path}")

    with template_rendered.connected_to(rendered, site.app):
        body = site.start("/template")
        assert site.log == []
        assert b"".join(body) == b"/template0 /template1 /template2 Ada"
    assert site.log == ["rendered with /template", *ENDED]


def test_a_streamed_template_outside_of_a_request_needs_none(site: Site) -> None:
    with site.app.app_context():
        assert "".join(stream_template_string("{{ 1 + 1 }}")) == "2"
    assert site.log == ["context None"]


# --- keeping the context by other means -----------------------------------------------------


def test_the_key_in_the_environment_keeps_the_context_for_whoever_asks(site: Site) -> None:
    kept: list[RequestContext] = []
    builder = EnvironBuilder(
        "/decorated", environ_overrides={"typedflask.preserve_context": kept.append}
    )
    body: Iterable[bytes]
    body, _, _ = run_wsgi_app(site.app, builder.get_environ(), buffered=True)
    assert b"".join(body) == b"/decorated: 1."
    assert site.log == ["closed with /decorated"]
    (context,) = kept
    with context.resumed():
        assert request.path == "/decorated"
        assert g.count == 1
        assert "request None" not in site.log
    assert site.log[1:] == ENDED
    assert not has_app_context()


def test_a_kept_context_that_was_never_resumed_can_be_released(site: Site) -> None:
    kept: list[RequestContext] = []
    builder = EnvironBuilder(
        "/missing", environ_overrides={"typedflask.preserve_context": kept.append}
    )
    run_wsgi_app(site.app, builder.get_environ())
    assert site.log == []
    kept[0].release(LookupError("given up"))
    assert site.log == ["request LookupError('given up')", "context LookupError('given up')"]


def test_a_kept_context_remembers_the_error_that_ended_it(site: Site) -> None:
    kept: list[RequestContext] = []

    @site.app.get("/fails")
    def fails() -> str:
        raise LookupError("of the view")

    builder = EnvironBuilder(
        "/fails", environ_overrides={"typedflask.preserve_context": kept.append}
    )
    run_wsgi_app(site.app, builder.get_environ())
    kept[0].release()
    assert site.log == ["request LookupError('of the view')", "context LookupError('of the view')"]


def test_werkzeugs_debugger_gets_the_context_and_can_enter_it_again(site: Site) -> None:
    kept: list[RequestContext] = []
    builder = EnvironBuilder(
        "/missing", environ_overrides={"werkzeug.debug.preserve_context": kept.append}
    )
    run_wsgi_app(site.app, builder.get_environ())
    assert site.log == ENDED
    with kept[0]:
        assert request.path == "/missing"
    assert not has_app_context()
