# cat: errorhandler | needs: plain
from typedflask import Blueprint

bp = Blueprint("bp", __name__)


@bp.app_errorhandler(600)  # E: not a status
def handle(error: Exception) -> str:
    return str(error)
