# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.teardown_request  # E: nothing is done with a result
def done(error: BaseException | None) -> str:  # E:
    return "done"
