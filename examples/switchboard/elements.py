"""The pages once more, for htpy: functions that give elements, checked like all other functions."""

from __future__ import annotations

from collections.abc import Iterator

from htpy import Element, Node, button, form, h1, html, li, p, title, ul

from typedflask import Flask, get_flashed_messages, url_for
from typedflask.templating.htpy import HtpyTemplates

from .goods import Product


def index_page(shop_name: str, products: list[Product], name: str | None, count: int) -> Element:
    """The goods, and how much of them is in the basket."""
    return html[
        title[shop_name],
        h1[shop_name],
        p(".visitor")[f"Hello, {name}!"] if name else None,
        (p(".news")[str(message)] for message in get_flashed_messages()),
        p(".basket")[f"{count} in your basket"],
        ul[(for_sale(product) for product in products)],
    ]


def for_sale(product: Product) -> Element:
    """One of the goods, with its button."""
    buy = url_for("pages.add", product_id=product.id)
    return li[
        f"{product.name}: {product.shown_price}",
        form(method="post", action=buy)[button["Buy"]],
    ]


def list_page(products: list[Product]) -> Node:
    """The goods, sent as they are written."""

    def rows() -> Iterator[Element]:
        for product in products:
            yield li[product.name]

    return ul[rows()]


def name_pages(app: Flask) -> None:
    """Give the pages the names that the views know."""
    engine = HtpyTemplates.of(app)
    engine.add("index.html", index_page)
    engine.add("list.html", list_page)
