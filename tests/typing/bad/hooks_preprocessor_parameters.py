# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.url_value_preprocessor  # E: endpoint and values
def pull(values: dict[str, str]) -> None:  # E:
    values.clear()
