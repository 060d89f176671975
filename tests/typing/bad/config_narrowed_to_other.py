# cat: config | needs: plain
"""What a subclass says of its configuration is a kind of Config."""
from typing import Any

from typedflask import Flask


class Shop(Flask):
    config: dict[str, Any]  # E: a class of Config


shop = Shop(__name__)
