# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.before_request  # E: called without arguments
def before(name: str) -> None:  # E:
    print(name)
