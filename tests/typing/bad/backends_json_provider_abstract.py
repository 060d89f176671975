# cat: backend | needs: plain
from typing import Any

from typedflask import Flask
from typedflask.json.provider import JSONProvider


class Half(JSONProvider):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return ""


app = Flask(__name__)
app.json = Half(app)  # E: loads is missing
