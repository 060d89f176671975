"""An application that does not load: its error is the first problem, with the line at fault."""

from __future__ import annotations

import traceback

from .problem import Place, Problem
from .subject import is_own

NAME = "loading"


def problem_of(error: BaseException) -> Problem:
    """The problem that an error is, at the last line of the application's own that led to it."""
    message = f"The application does not load: {type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename is not None:
        return Problem(NAME, message, Place(error.filename, error.lineno))
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_own(f.filename)]
    # Files of Python itself, and code that is in no file, are nothing to be mended.
    own = [frame for frame in frames if not _is_python(frame.filename)]
    place = Place(own[-1].filename, own[-1].lineno) if own else Place()
    return Problem(NAME, message, place)


def _is_python(file: str) -> bool:
    return file.startswith(("<", _LIBRARY))


_LIBRARY = traceback.__file__.rpartition("/")[0] + "/"
