from .api.asking import diff as diff
from .api.asking import explain as explain
from .api.deciding import approve as approve
from .api.deciding import release as release
from .api.jobs import forecast as forecast
from .api.jobs import plan as plan
from .api.jobs import run as run
from .api.jobs import what_if as what_if
from .api.judging import backtest as backtest
from .api.judging import evaluate as evaluate
from .api.judging import frontier as frontier
from .api.judging import review as review
from .api.runs import latest as latest
from .api.runs import released as released
from .api.working import check as check
from .api.working import open as open
from .api.working import sample as sample
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
