# cat: hooks | needs: plain
from typedflask import Blueprint

bp = Blueprint("bp", __name__)


@bp.before_app_request  # E: None or a response
def before() -> bool:  # E:
    return True
