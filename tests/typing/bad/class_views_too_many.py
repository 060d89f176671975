# cat: class-view | needs: plain
from typedflask import Flask
from typedflask.views import MethodView

app = Flask(__name__)


class Users(MethodView):
    def get(self) -> str:
        return "x"


app.add_url_rule("/", view_func=Users.as_view("users", 1))  # E: takes no arguments
