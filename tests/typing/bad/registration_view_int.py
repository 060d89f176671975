# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.get("/")  # E: an int is no response
async def index() -> int:  # E:
    return 1
