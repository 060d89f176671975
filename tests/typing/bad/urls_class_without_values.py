# cat: url-for | needs: trick
"""A class is also a function without parameters; a link to its page still needs the page's name."""
from typedflask import Flask, redirect, url_for
from typedflask.typing import ResponseReturnValue
from typedflask.views import View

app = Flask(__name__)


class Page(View):
    def dispatch_request(self, slug: str) -> ResponseReturnValue:
        return slug


app.add_url_rule("/pages/<slug>", view_func=Page.as_view("page"))


@app.get("/")
def index() -> ResponseReturnValue:
    return redirect(url_for(Page))  # E: slug
