"""Small stand-ins for applications and blueprints, as far as templates are concerned."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

import jinja2
import pytest

from typedflask.templating import (
    DispatchingJinjaLoader,
    Environment,
    JinjaTemplates,
    TemplateBackend,
)
from typedflask.templating.asking import active_app, active_blueprint, keep_context
from typedflask.templating.contract import TemplateApp
from typedflask.templating.jinja import create_environment, select_jinja_autoescape


class SortingJSON:
    """A JSON provider with an opinion about the order of keys."""

    def __init__(self, sort_keys: bool = True) -> None:
        self.sort_keys = sort_keys

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return json.dumps(obj, **{"sort_keys": self.sort_keys, **kwargs})


class Owner:
    """A blueprint, as far as templates are concerned."""

    def __init__(self, name: str, loader: jinja2.BaseLoader | None) -> None:
        self.name = name
        self.import_name = f"shop.{name}"
        self.jinja_loader = loader


class App:
    """An application, as far as templates are concerned."""

    name = "shop"
    import_name = "shop"
    jinja_environment: type[Environment] = Environment

    def __init__(
        self,
        loader: jinja2.BaseLoader | None = None,
        blueprints: Sequence[Owner] = (),
        **config: object,
    ) -> None:
        self.jinja_loader = loader
        self.blueprints = list(blueprints)
        self.config: dict[str, Any] = config
        self.logger = logging.getLogger("test.shop")
        self.debug = False
        self.json = SortingJSON()
        self.jinja_options: dict[str, Any] = {}
        self.common: dict[str, object] = {}
        self.templates: TemplateBackend = JinjaTemplates(self)
        self._environment: Environment | None = None

    @property
    def jinja_env(self) -> Environment:
        if self._environment is None:
            self._environment = create_environment(self, {"shop_name": "Plum & Pear"})
        return self._environment

    def iter_blueprints(self) -> Iterator[Owner]:
        return iter(self.blueprints)

    def create_global_jinja_loader(self) -> DispatchingJinjaLoader:
        return DispatchingJinjaLoader(self)

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        return select_jinja_autoescape(filename)

    def update_template_context(self, context: dict[str, Any]) -> None:
        for name, value in self.common.items():
            context.setdefault(name, value)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(func)
        def wait(*args: Any, **kwargs: Any) -> Any:
            return asyncio.run(func(*args, **kwargs))

        return wait


def activate(monkeypatch: pytest.MonkeyPatch, app: TemplateApp | None) -> None:
    monkeypatch.setattr(active_app, "find", lambda: app)


PAGES = {
    "layout.html": "<title>{% block title %}{% endblock %}</title>",
    "page.html": '{% extends "layout.html" %}{% block title %}{{ title }}{% endblock %}',
    "mail.txt": "Dear {{ who }}",
    "rows.html": "{% for row in rows %}<li>{{ row }}{% endfor %}",
    "_greet.html": "{% macro greet(who) %}Hello {{ who }}!{% endmacro %}{% set size = 3 %}",
    "broken.html": '{% include "gone.html" %}',
}


@pytest.fixture
def outside_of_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """No application is active, no request, no blueprint."""
    activate(monkeypatch, None)
    monkeypatch.setattr(keep_context, "find", lambda: None)
    monkeypatch.setattr(active_blueprint, "find", lambda: None)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, outside_of_everything: None) -> App:
    """An application with the `PAGES`, which is the active one."""
    made = App(jinja2.DictLoader(PAGES))
    activate(monkeypatch, made)
    return made
