"""Trying an application out without a server, and trying out backends.

`client.py` holds the test client, the runner for commands and the environments of test requests.
`conformance` holds the tests that every backend must pass, for pytest; it is imported by name.
"""

from .client import EnvironBuilder as EnvironBuilder
from .client import FlaskClient as FlaskClient
from .client import FlaskCliRunner as FlaskCliRunner
from .client import OpenOptions as OpenOptions
from .client import RequestOptions as RequestOptions
from .client import ScriptInfo as ScriptInfo
from .client import SessionMixin as SessionMixin
