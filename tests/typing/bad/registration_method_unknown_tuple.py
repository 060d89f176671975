# cat: route-options | needs: plain
from typedflask import Flask

app = Flask(__name__)


app.add_url_rule("/", view_func=lambda: "x", methods=("GET", "POTS"))  # E: not a method
