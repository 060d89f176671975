# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.get("/")
def show() -> str:
    return ""


number: int = show()  # E: a str
