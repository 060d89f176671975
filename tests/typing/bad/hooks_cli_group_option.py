# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


group = app.cli.group("db", chian=True)  # E: chain
