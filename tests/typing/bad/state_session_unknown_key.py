"""A declared session is given a key that it does not declare."""
from typing import NotRequired, TypedDict

from typedflask import typed_session


class Data(TypedDict):
    user_id: NotRequired[int]


session = typed_session(Data)
session.data["userid"] = 3  # E: not declared
