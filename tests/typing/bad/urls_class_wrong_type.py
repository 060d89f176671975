"""The class's own dispatch_request says what its URL is made of."""

from typedflask import Flask, url_for
from typedflask.views import View

app = Flask(__name__)


class Page(View):
    def dispatch_request(self, slug: str) -> str:
        return slug


app.add_url_rule("/<slug>", view_func=Page.as_view("page"))
url_for(Page, slug=3)  # E: a str
