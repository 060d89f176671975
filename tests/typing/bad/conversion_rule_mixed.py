# cat: backend | needs: plain
from dataclasses import dataclass

from typedflask import Response, Rule
from typing_extensions import TypeIs


@dataclass
class Money:
    cents: int


def is_money(value: object) -> TypeIs[Money]:
    return isinstance(value, Money)


def from_text(value: str, kit: object) -> Response:
    return Response(value)


MONEY = Rule("money", is_money, from_text)  # E: checks and converts different types
