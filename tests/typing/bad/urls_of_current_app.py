"""So is that of the proxy."""

from typedflask import Flask, current_app

app = Flask(__name__)


@app.route("/user/<int:user_id>")
def user(user_id: int, tab: str = "home") -> str:
    return ""


@app.route("/files/<path:name>")
async def files(name: str) -> str:
    return ""


current_app.url_for(user, user_id="3")  # E: an int
