# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


app.add_url_rule("/", "index", "index")  # E: a function
