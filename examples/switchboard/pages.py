"""What people see of the shop."""

from __future__ import annotations

from uuid import UUID

from typedflask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    stream_template,
    url_for,
)
from typedflask.typing import ResponseReturnValue

from .basket import basket, put, visit
from .goods import PRODUCTS

pages = Blueprint("pages", __name__)


@pages.context_processor
def shop() -> dict[str, object]:
    """What every page shows."""
    return {"shop_name": "Corner & Co"}


@pages.get("/")
def index() -> ResponseReturnValue:
    """The goods, and how much of them is in the basket."""
    return render_template(
        "index.html",
        products=list(PRODUCTS.values()),
        name=visit.data.get("name"),
        count=len(basket()),
    )


@pages.get("/list")
def long_list() -> ResponseReturnValue:
    """The goods, sent as they are written."""
    return stream_template("list.html", products=list(PRODUCTS.values()))


@pages.post("/basket/<uuid:product_id>")
def add(product_id: UUID) -> ResponseReturnValue:
    """Put something into the basket."""
    product = PRODUCTS.get(product_id) or abort(404, "No such product.")
    put(product)
    flash(f"{product.name} is in your basket")
    return redirect(url_for(index))


@pages.post("/login")
def log_in() -> ResponseReturnValue:
    """Remember the visitor's name."""
    name = request.form.get("name", "").strip()
    if not name:
        abort(400, "A name is needed.")
    # A new id: who knew the old one, perhaps because he had sent it, does not know this one.
    session.regenerate()
    visit.data["name"] = name
    return redirect(url_for(index))


@pages.post("/logout")
def log_out() -> ResponseReturnValue:
    """Forget the visitor."""
    visit.clear()
    return redirect(url_for(index))
