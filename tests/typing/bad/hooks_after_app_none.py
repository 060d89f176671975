# cat: hooks | needs: plain
from typedflask import Blueprint, Response

bp = Blueprint("bp", __name__)


@bp.after_app_request  # E: the response is given back
async def after(response: Response) -> None:  # E:
    response.headers["X-A"] = "1"
