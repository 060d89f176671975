"""Where an application's or a blueprint's files are: its root folder and its instance folder."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec


def root_path_of(import_name: str) -> str:
    """The folder of a module or package, or the working folder for one without a file.

    :param import_name: the name given to `Flask` or `Blueprint`, usually `__name__`.
    :raises RuntimeError: the name is that of a namespace package, which has no single folder.
    """
    file: str | None = getattr(sys.modules.get(import_name), "__file__", None)
    if file is not None:
        return _folder_of(file)
    try:
        spec = find_spec(import_name)
    except (ImportError, ValueError):
        spec = None  # the interactive prompt, for example
    if spec is None:
        return os.getcwd()
    if spec.has_location and spec.origin is not None:
        return _folder_of(spec.origin)
    # A folder that only happens to have the name is not what was meant, as long as it was not
    # imported.
    if spec.submodule_search_locations is not None and import_name in sys.modules:
        raise RuntimeError(
            f"{import_name!r} is a namespace package: it has no folder of its own. Give"
            " root_path, the folder that templates and static files are found in."
        )
    return os.getcwd()


def instance_path_of(import_name: str, name: str, root_path: str) -> str:
    """The instance folder of an application that was not given one.

    An application that is installed has it at `var/<name>-instance` under the prefix it is
    installed to; any other has `instance` beside its outermost package, or beside its module
    (Flask's documentation, "Instance Folders").

    :param import_name: the name given to `Flask`.
    :param name: the application's name, which is another one for a program that is run directly.
    :param root_path: the application's root folder.
    """
    folder = _package_folder(import_name.partition(".")[0], root_path)
    prefix = _install_prefix(folder)
    if prefix is None:
        return os.path.join(folder, "instance")
    return os.path.join(prefix, "var", f"{name}-instance")


def _folder_of(file: str) -> str:
    return os.path.dirname(os.path.abspath(file))


def _is_inside(place: str, folder: str) -> bool:
    """Whether a place is a folder or lies in it."""
    return os.path.normcase(os.path.join(place, "")).startswith(
        os.path.normcase(os.path.join(folder, ""))
    )


def _package_folder(name: str, root: str) -> str:
    """The folder that holds the top module or package called `name`."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        return root
    if spec.has_location and spec.origin is not None:
        folder = _folder_of(spec.origin)
        return os.path.dirname(folder) if spec.submodule_search_locations else folder
    # A namespace package may lie in several folders; the one meant is where the root is.
    places = [os.path.abspath(place) for place in spec.submodule_search_locations or ()]
    for place in places:
        if _is_inside(root, place):
            return os.path.dirname(place)
    return os.path.dirname(places[0]) if places else root


def _install_prefix(folder: str) -> str | None:
    """Where what lies in a folder is installed to, or None when it is not installed at all.

    That is `sys.prefix`, or the prefix of another `site-packages`: a user's own, for example.
    """
    prefix = os.path.abspath(sys.prefix)
    if _is_inside(os.path.realpath(folder), os.path.realpath(prefix)):
        return prefix
    parent, name = os.path.split(folder)
    if name.lower() != "site-packages":
        return None
    # <prefix>/Lib/site-packages on Windows, <prefix>/lib/python3.x/site-packages elsewhere
    for library in (parent, os.path.dirname(parent)):
        above, name = os.path.split(library)
        if name.lower() == "lib":
            return above
    return parent


def application_name(import_name: str) -> str:
    """The import name; for a program that is run directly, its file's."""
    if import_name != "__main__":
        return import_name
    file: str | None = getattr(sys.modules.get("__main__"), "__file__", None)
    return "__main__" if file is None else os.path.splitext(os.path.basename(file))[0]
