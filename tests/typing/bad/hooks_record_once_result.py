# cat: blueprint | needs: plain
from typedflask import Blueprint
from typedflask.blueprints import BlueprintSetupState

bp = Blueprint("bp", __name__)


@bp.record_once  # E: gets the setup state
def setup(state: BlueprintSetupState, name: str) -> None:  # E:
    print(state, name)
