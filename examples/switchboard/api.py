"""What programs ask of the shop, in JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from typedflask import Blueprint, abort, request
from typedflask.typing import ResponseReturnValue

from .basket import basket
from .goods import PRODUCTS

api = Blueprint("api", __name__)

OPENED: Final = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)


@api.get("/products")
def products() -> ResponseReturnValue:
    """Everything there is to buy: dataclasses with UUIDs and decimals in them."""
    return {"products": list(PRODUCTS.values()), "since": OPENED, "open": True, "note": None}


@api.get("/basket")
def show_basket() -> ResponseReturnValue:
    """What this visitor has chosen."""
    chosen = basket()
    return {"products": chosen, "total": sum((one.price for one in chosen), Decimal(0))}


@api.post("/convert")
def convert() -> ResponseReturnValue:
    """Convert prices: `{"rate": "1.1", "prices": [1, "2.50"]}`."""
    asked: Any = request.get_json()  # Any: whatever the client sent
    try:
        rate = Decimal(str(asked["rate"]))
        prices = [Decimal(str(price)) * rate for price in asked["prices"]]
    except (KeyError, TypeError, InvalidOperation):
        abort(400, "Send an object with a rate and a list of prices.")
    return {"prices": prices, "großes ẞ": "ß", "count": {1: len(prices)}}
