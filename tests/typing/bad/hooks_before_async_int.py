# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.before_request  # E: None or a response
async def before() -> int:  # E:
    return 1
