# cat: hooks | needs: plain
from typedflask import Flask, Response

app = Flask(__name__)


@app.after_request  # E: the response is given back
def after(response: Response) -> None:  # E:
    response.headers["X-A"] = "1"
