# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


def index() -> set[int]:
    return {1}


app.add_url_rule("/", view_func=index)  # E: a set is no response
