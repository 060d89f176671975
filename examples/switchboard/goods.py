"""What the shop sells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID


@dataclass(frozen=True)
class Product:
    """Something to buy."""

    id: UUID
    name: str
    price: Decimal

    @property
    def shown_price(self) -> str:
        """The price for people; as text, because MiniJinja takes a Decimal for a float."""
        return f"{self.price:.2f}"


PRODUCTS: Final = {
    product.id: product
    for product in (
        Product(UUID(int=1), "Tea & biscuits", Decimal("3.50")),
        Product(UUID(int=2), "Ink <blue>", Decimal("12.00")),
        Product(UUID(int=3), "Seed cake", Decimal("4.25")),
    )
}
