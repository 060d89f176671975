"""A key of a declared session is set to another type."""
from typing import NotRequired, TypedDict

from typedflask import typed_session


class Data(TypedDict):
    user_id: NotRequired[int]


session = typed_session(Data)
session.data["user_id"] = "3"  # E: an int is declared
