"""The request and response classes under the import path Flask documents."""

from werkzeug.wrappers import Request as RequestBase
from werkzeug.wrappers import Response as ResponseBase

from .requests import Request
from .responses import Response

__all__ = ["Request", "RequestBase", "Response", "ResponseBase"]
