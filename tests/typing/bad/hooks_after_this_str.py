# cat: hooks | needs: plain
from typedflask import Flask, Response, after_this_request

app = Flask(__name__)


@app.get("/")
def index() -> str:
    @after_this_request  # E: the response is given back
    def after(response: Response) -> str:  # E:
        return "x"

    return str(after)
