# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.template_filter(3)  # E: the name is a str
def plain(value: str) -> str:
    return value
