# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.template_filter("now")  # E: takes the value
def now() -> str:  # E:
    return "x"
