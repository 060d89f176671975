"""The view takes a number, and is given a text."""

from typedflask import Flask, url_for

app = Flask(__name__)


@app.route("/user/<int:user_id>")
def user(user_id: int, tab: str = "home") -> str:
    return ""


@app.route("/files/<path:name>")
async def files(name: str) -> str:
    return ""


url_for(user, user_id="3")  # E: an int
