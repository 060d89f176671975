"""From a request to a rule, and from an endpoint back to a URL."""

from .match import bind, bind_without_host, find
from .rule import Rule
from .urls import PATH_ONLY, BuildRequest, build_url

__all__ = [
    "PATH_ONLY",
    "BuildRequest",
    "Rule",
    "bind",
    "bind_without_host",
    "build_url",
    "find",
]
