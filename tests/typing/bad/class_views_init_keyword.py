# cat: class-view | needs: plain
from typedflask import Flask
from typedflask.views import View

app = Flask(__name__)


class Page(View):
    def __init__(self, template: str, limit: int = 3) -> None:
        self.template = template
        self.limit = limit

    def dispatch_request(self) -> str:
        return self.template


app.add_url_rule("/", view_func=Page.as_view("page", tmplate="x"))  # E: template
