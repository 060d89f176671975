# cat: class-view | needs: plain
"""Nobody sends a PSOT."""
from typedflask import Flask
from typedflask.views import View


class Search(View):
    methods = ["GET", "PSOT"]  # E: POST

    def dispatch_request(self) -> str:
        return ""


app = Flask(__name__)
app.add_url_rule("/search", view_func=Search.as_view("search"))
