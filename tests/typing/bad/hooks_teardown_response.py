# cat: hooks | needs: plain
from typedflask import Flask, Response

app = Flask(__name__)


@app.teardown_appcontext  # E: takes the error
def done(response: Response) -> None:  # E:
    print(response.status)
