# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.context_processor  # E: a mapping
def names() -> list[str]:  # E:
    return ["x"]
