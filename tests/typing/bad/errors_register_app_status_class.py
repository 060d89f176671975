# cat: errorhandler | needs: plain
from typedflask import Blueprint
from werkzeug.exceptions import NotFound

bp = Blueprint("bp", __name__)


def handle(error: NotFound) -> str:
    return error.name


bp.register_app_error_handler(400, handle)  # E: BadRequest
