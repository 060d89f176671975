# cat: backend | needs: plain
from typedflask import Flask

app = Flask(__name__)
app.wsgi_app = "application"  # E: a WSGI application
