# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.get("/")  # E: None is no response
def index(name: str | None = None) -> str | None:  # E:
    return name
