# cat: backend | needs: plain
"""A class of another seam makes no template engine."""
from typedflask import Flask
from typedflask.json.orjson import OrjsonJSON

app = Flask(__name__, templates=OrjsonJSON)  # E: json=OrjsonJSON
