"""From a request to a rule, and from an endpoint back to a URL."""

from .contract import UrlApp
from .match import bind, find
from .rule import Rule
from .urls import BuildRequest, build_url

__all__ = ["BuildRequest", "Rule", "UrlApp", "bind", "build_url", "find"]
