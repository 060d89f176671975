# cat: blueprint | needs: plain
from typedflask import Blueprint

outer = Blueprint("outer", __name__)
inner = Blueprint("inner", __name__)
outer.register_blueprint(inner, url_prefix=3)  # E: a str
