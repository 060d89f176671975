# cat: hooks | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.template_test()  # E: takes the value
def always() -> bool:  # E:
    return True
