# cat: hooks | needs: plain
from typedflask import Blueprint

bp = Blueprint("bp", __name__)


@bp.app_template_test  # E: a bool
def even(number: int) -> str:  # E:
    return str(number)
