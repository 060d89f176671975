"""Something of another type is put under a typed key."""
from typedflask import Flask, Key

LOGIN = Key("login", list[int])
app = Flask(__name__)
app.extensions[LOGIN] = "x"  # E: a list is declared
