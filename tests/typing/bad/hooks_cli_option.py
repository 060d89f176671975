# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.cli.command("init", hiden=True)  # E: hidden
def init() -> None:
    print("init")
