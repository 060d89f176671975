# cat: hooks | needs: plain
from typedflask import Blueprint

bp = Blueprint("bp", __name__)


@bp.app_template_filter()  # E: takes the value by position
def cut(*, value: str) -> str:  # E:
    return value
