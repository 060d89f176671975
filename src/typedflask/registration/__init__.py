"""What decorators fill: routes, hooks, error handlers and template functions, until set-up closes."""

from .routes import RouteDecorator
from .scaffold import Scaffold
from .setup import setupmethod
from .templates import TemplateRegistration

__all__ = [
    "RouteDecorator",
    "Scaffold",
    "TemplateRegistration",
    "setupmethod",
]
