"""What may be missing from a declared session is used as if it were there."""
from typing import NotRequired, TypedDict

from typedflask import typed_session


class Data(TypedDict):
    user_id: NotRequired[int]


session = typed_session(Data)
number: int = session.data.get("user_id")  # E: it may be None
