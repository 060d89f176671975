# cat: hooks | needs: plain
from typedflask import Flask, Response

app = Flask(__name__)


@app.after_request  # E: takes the response
def after() -> Response:  # E:
    return Response()
