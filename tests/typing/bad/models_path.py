# cat: view-return | needs: plain
# run: get("/") == 500
from pathlib import Path

from typedflask import Flask

app = Flask(__name__)


@app.get("/")  # E: only with the row PATHS
def index() -> Path:  # E:
    return Path("secrets.txt")
