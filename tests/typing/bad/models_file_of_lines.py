# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


class Lines:
    def read(self) -> list[str]:
        return []


@app.get("/")  # E: `read` takes a size and gives text or bytes
def index() -> Lines:  # E:
    return Lines()
