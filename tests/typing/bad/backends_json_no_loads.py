# cat: backend | needs: plain
from typedflask import Flask


class Half:
    def dumps(self, value: object) -> str:
        return str(value)


app = Flask(__name__)
app.json = Half()  # E: loads is missing
