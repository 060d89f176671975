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
    # A folder that only happens to have the name is not what was meant, as long as it was not
    # imported.
    if spec.submodule_search_locations is not None and import_name in sys.modules:
        raise RuntimeError(
            f"{import_name!r} is a namespace package: it has no folder of its own. Give"
            " root_path, the folder that templates and static files are found in."
        )
    return str(Path.cwd())


def instance_path_of(import_name: str, name: str, root_path: str) -> str:
    """The instance folder of an application that was not given one.

    An application that is installed has it at `var/<name>-instance` under the prefix it is
    installed to; any other has `instance` beside its outermost package, or beside its module
    (Flask's documentation, "Instance Folders").

    :param import_name: the name given to `Flask`.
    :param name: the application's name, which is another one for a program that is run directly.
    :param root_path: the application's root folder.
    """
    folder = _package_folder(import_name.partition(".")[0], Path(root_path))
    prefix = _install_prefix(folder)
    if prefix is None:
        return str(folder / "instance")
    return str(prefix / "var" / f"{name}-instance")


def _package_folder(name: str, root: Path) -> Path:
    """The folder that holds the top module or package called `name`."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        return root
    if spec.has_location and spec.origin is not None:
        folder = Path(spec.origin).absolute().parent
        return folder.parent if spec.submodule_search_locations else folder
    # A namespace package may lie in several folders; the one meant is where the root is.
    places = [Path(place).absolute() for place in spec.submodule_search_locations or ()]
    for place in places:
        if root.is_relative_to(place):
            return place.parent
    return places[0].parent if places else root


def _install_prefix(folder: Path) -> Path | None:
    """Where what lies in a folder is installed to, or None when it is not installed at all.

    That is `sys.prefix`, or the prefix of another `site-packages`: a user's own, for example.
    """
    prefix = Path(sys.prefix).absolute()
    if folder.resolve().is_relative_to(prefix.resolve()):
        return prefix
    if folder.name.lower() != "site-packages":
        return None
    # <prefix>/Lib/site-packages on Windows, <prefix>/lib/python3.x/site-packages elsewhere
    for library in (folder.parent, folder.parent.parent):
        if library.name.lower() == "lib":
            return library.parent
    return folder.parent


def application_name(import_name: str) -> str:
    """The import name; for a program that is run directly, its file's."""
    if import_name != "__main__":
        return import_name
    file: str | None = getattr(sys.modules.get("__main__"), "__file__", None)
    return "__main__" if file is None else Path(file).stem
