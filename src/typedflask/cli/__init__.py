"""The command line: the program `typedflask` and what programs of your own are made from.

`find` locates an application, `groups` holds the program, and `run`, `routes` and `shell` are its
commands. What applications themselves carry, such as `AppGroup`, lives below in
`typedflask.commands`, and is offered here under the names of Flask's documentation.
"""

from __future__ import annotations

from typedflask.cli.certificates import CertParamType
from typedflask.cli.find import find_application
from typedflask.cli.groups import (
    AppGroup,
    FlaskGroup,
    NoAppException,
    ScriptInfo,
    cli,
    load_dotenv,
    main,
    pass_script_info,
    show_server_banner,
    with_appcontext,
)
from typedflask.cli.routes import routes_command
from typedflask.cli.run import run_command
from typedflask.cli.shell import shell_command

__all__ = [
    "AppGroup",
    "CertParamType",
    "FlaskGroup",
    "NoAppException",
    "ScriptInfo",
    "cli",
    "find_application",
    "load_dotenv",
    "main",
    "pass_script_info",
    "routes_command",
    "run_command",
    "shell_command",
    "show_server_banner",
    "with_appcontext",
]
