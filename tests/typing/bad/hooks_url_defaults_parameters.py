# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.url_defaults  # E: endpoint and values
def push(endpoint: str) -> None:  # E:
    print(endpoint)
