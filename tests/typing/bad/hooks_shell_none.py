# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.shell_context_processor  # E: a mapping
def names() -> None:  # E:
    return None
