# cat: class-view | needs: plain
"""A single text is a collection too: of its letters."""
from typedflask import Flask
from typedflask.views import View


class Search(View):
    methods = "POST"  # E: ["POST"]

    def dispatch_request(self) -> str:
        return ""


app = Flask(__name__)
app.add_url_rule("/search", view_func=Search.as_view("search"))
