# cat: class-view | needs: plain
from typedflask import Flask
from typedflask.views import MethodView

app = Flask(__name__)


class Count(MethodView):
    async def put(self, number: int) -> int:  # E: not a response value
        return number


app.add_url_rule("/<int:number>", view_func=Count.as_view("count"))
