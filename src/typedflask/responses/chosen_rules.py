"""Rows of the conversion table that an application chooses, and the table as the manual shows it.

Imported by those who choose one; every application has the rows of `rules.py`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from ..newer_typing import TypeIs
from .files import file_app, send_file
from .rule import Rule
from .rules import ADDED, DOCUMENTED

if TYPE_CHECKING:
    from pathlib import Path

    from ..typing import AttrsValue, DataclassValue, ModelValue, RecordValue, StructValue
    from .contract import Kit
    from .rules import AnyRule


def class_has(value: object, attribute: str) -> bool:
    """Whether an object is of a class with an attribute.

    Asked of the class, because a stand-in may claim to have every attribute; and never true of
    a class, whose metaclass may have it.
    """
    return hasattr(type(value), attribute) and not isinstance(value, type)


def is_dataclass_value(value: object) -> TypeIs[DataclassValue]:
    """An object of a dataclass; the dataclass itself is none."""
    return class_has(value, "__dataclass_fields__")


def is_attrs_value(value: object) -> TypeIs[AttrsValue]:
    """An object of a class that attrs made."""
    return class_has(value, "__attrs_attrs__")


def is_struct(value: object) -> TypeIs[StructValue]:
    """A msgspec Struct."""
    return class_has(value, "__struct_fields__")


def is_model(value: object) -> TypeIs[ModelValue]:
    """A pydantic model."""
    return class_has(value, "model_dump")


def is_record(value: object) -> TypeIs[RecordValue]:
    """An object whose class declares its fields."""
    kinds = (is_dataclass_value, is_attrs_value, is_struct, is_model)
    return any(is_kind(value) for is_kind in kinds)


def from_record(value: RecordValue, kit: Kit) -> BaseResponse:
    """Its fields as JSON, as the application's backend writes them."""
    return kit.app.json.response(value)


def is_path(value: object) -> TypeIs[Path]:
    """A path of this machine's."""
    from pathlib import Path  # by who returns one

    return isinstance(value, Path)


def from_path(value: Path, kit: Kit) -> BaseResponse:
    """The file, by `send_file`: with `ETag`, conditions and ranges; 404 where there is none."""
    app = file_app(kit.app)
    if not os.path.isfile(os.path.join(app.root_path, value)):
        raise NotFound
    return send_file(app, kit.request.environ, value)


RECORDS: Final = Rule(
    "an object of a dataclass or attrs class, a msgspec Struct or a pydantic model",
    is_record,
    from_record,
    behind=True,
)
"""Sends the fields of an object that a view returns as JSON, for applications that add the row.

Opt in by `app = Flask(__name__).with_rule(RECORDS)`: views may return such objects then. An
application that does not opt in sends no object by accident, with fields that are nobody's
business; `jsonify(user)` and a list of users say what is meant, and are always sent (decision 065).
"""

PATHS: Final = Rule("a pathlib.Path, sent as a file", is_path, from_path)
"""Sends the file that a view returns the path of, for applications that add the row.

Opt in by `app = Flask(__name__).with_rule(PATHS)`: views may return a `Path` then. A relative path
starts at the application's root folder. A path made of what the client sent is as dangerous here
as anywhere; `send_from_directory` is for those.
"""


def describe() -> str:
    """The table as Markdown, for the manual."""
    lines = ["| a view returns | the response |", "| --- | --- |"]
    lines += map(described, DOCUMENTED)
    lines.append("| what `Flask(converter=...)` accepts | What the converter makes of it. |")
    lines += map(described, ADDED)
    for name, row in (("RECORDS", RECORDS), ("PATHS", PATHS)):
        lines.append(described(row).replace(" |", f"; only where the row `{name}` was added |", 1))
    return "\n".join(lines) + "\n"


def described(row: AnyRule) -> str:
    """A row as one of Markdown's."""
    return f"| {row.name} | {row.convert.__doc__} |"
