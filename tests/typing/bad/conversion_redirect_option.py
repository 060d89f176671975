# cat: responses | needs: plain
from typedflask import Flask, Response, redirect

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    return redirect("/", status=301)  # E: code
