# cat: blueprint | needs: plain
from typedflask import Blueprint

bp = Blueprint("bp", __name__, url_prefx="/x")  # E: url_prefix
