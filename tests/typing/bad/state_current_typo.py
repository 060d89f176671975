"""The active application is asked for an attribute that its class does not have."""
from typedflask import Flask, current


class Shop(Flask):
    mailer: str = ""


print(current(Shop).maler)  # E: no such attribute
