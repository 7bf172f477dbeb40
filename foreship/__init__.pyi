from .api import approve as approve
from .api import backtest as backtest
from .api import check as check
from .api import diff as diff
from .api import evaluate as evaluate
from .api import explain as explain
from .api import forecast as forecast
from .api import frontier as frontier
from .api import open as open
from .api import plan as plan
from .api import release as release
from .api import review as review
from .api import run as run
from .api import sample as sample
from .api import what_if as what_if
from .config import Config as Config
from .errors import ForeshipError as ForeshipError
from .errors import InputError as InputError
from .errors import UsageError as UsageError
from .pipeline.stages import forecast_stage as forecast_stage
from .pipeline.stages import plan_stage as plan_stage
from .runs import Run as Run
from .runs import load_run as load_run
from .workspace.opening import Workspace as Workspace

__version__: str
