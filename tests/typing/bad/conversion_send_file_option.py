# cat: helpers | needs: plain
from typedflask import Flask, Response, send_file

app = Flask(__name__)


@app.get("/")
def index() -> Response:
    return send_file("x.txt", attachment=True)  # E: as_attachment
