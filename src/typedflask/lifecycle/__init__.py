"""The way of a request through an application: the only room that knows the order of things."""

from .cycle import RequestCycle

__all__ = ["RequestCycle"]
