"""A flag of a declared session is set to a str."""
from typing import TypedDict

from typedflask import typed_session


class Data(TypedDict, total=False):
    user_id: int


session = typed_session(Data)
session.permanent = "yes"  # E: a bool is wanted
