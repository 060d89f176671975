# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


def now() -> str:
    return "x"


app.add_template_filter(now)  # E: takes the value
