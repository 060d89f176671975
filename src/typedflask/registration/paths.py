"""Where an application's or a blueprint's files are: its root folder and its instance folder."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path


def root_path_of(import_name: str) -> str:
    """The folder of a module or package, or the working folder for one without a file.

    :param import_name: the name given to `Flask` or `Blueprint`, usually `__name__`.
    :raises RuntimeError: the name is that of a namespace package, which has no single folder.
    """
    file: str | None = getattr(sys.modules.get(import_name), "__file__", None)
    if file is not None:
        return str(Path(file).absolute().parent)
    try:
        spec = find_spec(import_name)
    except (ImportError, ValueError):
        spec = None  # the interactive prompt, for example
    if spec is None:
        return str(Path.cwd())
    if spec.has_location and spec.origin is not None:
        return str(Path(spec.origin).absolute().parent)
    if spec.submodule_search_locations is not None:
        raise RuntimeError(
            f"{import_name!r} is a namespace package: it has no folder of its own. Give"
            " root_path, the folder that templates and static files are found in."
        )
    return str(Path.cwd())


def instance_path_of(import_name: str, root_path: str) -> str:
    """The instance folder of an application that was not given one.

    An application under `sys.prefix` (installed) has it at `var/<name>-instance` there; any other
    has `instance` beside its module or package (Flask's documentation, "Instance Folders").
    """
    name = import_name.partition(".")[0]
    package = _package_folder(name, Path(root_path))
    prefix = Path(sys.prefix).resolve()
    if package.resolve().is_relative_to(prefix):
        return str(prefix / "var" / f"{name}-instance")
    return str(package / "instance")


def _package_folder(name: str, root: Path) -> Path:
    """The folder that holds the top module or package called `name`."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None or not spec.has_location:
        return root
    folder = Path(spec.origin).parent
    return folder.parent if spec.submodule_search_locations else folder
