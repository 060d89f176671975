"""The view takes two values at most."""

from typedflask import Flask, url_for

app = Flask(__name__)


@app.route("/user/<int:user_id>")
def user(user_id: int, tab: str = "home") -> str:
    return ""


@app.route("/files/<path:name>")
async def files(name: str) -> str:
    return ""


url_for(user, 3, "x", 4)  # E: one too many
