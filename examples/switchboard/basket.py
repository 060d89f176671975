"""The visitor's basket, which lives in the session."""

from __future__ import annotations

from typing import NotRequired, TypedDict
from uuid import UUID

from typedflask import typed_session

from .goods import PRODUCTS, Product


class Data(TypedDict):
    """What the session holds, whichever backend keeps it."""

    name: NotRequired[str]
    chosen: NotRequired[list[UUID]]


visit = typed_session(Data)


def basket() -> list[Product]:
    """What was chosen, in order."""
    return [PRODUCTS[product_id] for product_id in visit.data.get("chosen", [])]


def put(product: Product) -> None:
    """Put one more into the basket."""
    visit.data["chosen"] = [*visit.data.get("chosen", []), product.id]
