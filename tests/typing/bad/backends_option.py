# cat: backend | needs: plain
from typedflask import Flask

app = Flask(__name__, sesion=None)  # E: session
