"""What is under a typed key is used as another type."""
from typedflask import Flask, Key

LOGIN = Key("login", list[int])
app = Flask(__name__)
login: str = app.extensions[LOGIN]  # E: a list is declared
