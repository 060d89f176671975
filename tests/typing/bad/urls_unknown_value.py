"""What the view does not take belongs into query()."""

from typedflask import Flask, url_for

app = Flask(__name__)


@app.route("/user/<int:user_id>")
def user(user_id: int, tab: str = "home") -> str:
    return ""


@app.route("/files/<path:name>")
async def files(name: str) -> str:
    return ""


url_for(files, name="x", page=1)  # E: use query()
