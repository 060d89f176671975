"""Something that is no application is asked for."""
from typedflask import current


class Shop:
    mailer: str = ""


app = current(Shop)  # E: not a Flask
