# cat: config | needs: plain
"""Templates and declared settings may hold the first one already."""
from typedflask import Config, Flask

app = Flask(__name__)
app.config = Config(app.root_path)  # E: config_class, make_config
