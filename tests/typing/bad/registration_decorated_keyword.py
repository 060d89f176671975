# cat: view-return | needs: plain
from typedflask import Flask

app = Flask(__name__)


@app.get("/<int:number>")
def show(number: int) -> str:
    return str(number)


show(nummer=3)  # E: number
