# cat: class-view | needs: plain
from typedflask import Flask
from typedflask.views import View

app = Flask(__name__)


class Empty(View):
    def dispatch_request(self) -> None:  # E: not a response value
        return None


app.add_url_rule("/", view_func=Empty.as_view("empty"))
