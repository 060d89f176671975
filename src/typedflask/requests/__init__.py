"""The incoming request: Werkzeug's, with what the application knows about it."""

from .request import Request

__all__ = ["Request"]
