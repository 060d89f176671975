# cat: blueprint | needs: plain
from typedflask import Blueprint, Flask

app = Flask(__name__)
bp = Blueprint("bp", __name__)
app.register_blueprint(bp, url_perfix="/x")  # E: url_prefix
