"""The command line: parse, call one function, show.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before a command runs: `--help` stays instant.
"""

import functools
import inspect
import traceback
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from foreship.cli.voice import LogFormat, Voice
from foreship.errors import UsageError

__all__ = ["app"]

app = typer.Typer(
    name="foreship",
    help="Anticipatory shipping: predict what each region will buy, ship the units worth it.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

Folder = Annotated[Path, typer.Argument(help="The workspace: a folder with foreship.toml.")]
RunFolder = Annotated[Path, typer.Argument(help="A run folder: runs/<as_of>-<id>.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="A Monday; default: the one after the last order."
    ),
]
Weeks = Annotated[int, typer.Option("--weeks", min=1, help="How many past weeks.")]


class Source(StrEnum):
    """Where sample data come from."""

    synthetic = "synthetic"
    complete_journey = "complete-journey"


class Size(StrEnum):
    """How large a synthetic sample is."""

    tiny = "tiny"
    small = "small"
    medium = "medium"
    large = "large"


class Way(StrEnum):
    """Where the work of several workers is done."""

    serial = "serial"
    processes = "processes"
    dask = "dask"


SHARED = {
    "as_json": Annotated[bool, typer.Option("--json", help="Print one JSON object.")],
    "quiet": Annotated[bool, typer.Option("--quiet", "-q", help="Say only errors.")],
    "verbose": Annotated[bool, typer.Option("--verbose", "-v", help="Say every stage.")],
    "log_format": Annotated[LogFormat, typer.Option("--log-format", help="Form of stderr.")],
}


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Register a command: give it the shared options as a Voice, its errors an exit code."""

    @functools.wraps(function)
    def run(**options: Any) -> None:
        voice = Voice(**{name: options.pop(name) for name in SHARED})
        try:
            function(voice, **options)
        except typer.Exit:
            raise
        except (Exception, KeyboardInterrupt) as error:
            raise typer.Exit(_explain(error, voice)) from None

    own = list(inspect.signature(function).parameters.values())[1:]
    shared = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=LogFormat.text if name == "log_format" else False,
            annotation=kind,
        )
        for name, kind in SHARED.items()
    ]
    own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    run.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in (*own, *shared)}
    name = function.__name__.rstrip("_")
    return app.command(name)(run)


def _explain(error: BaseException, voice: Voice) -> int:
    from foreship.exit_codes import exit_code_of, is_expected

    code = exit_code_of(error)
    if not is_expected(error):
        voice.error("this is a bug of ours; please report it with these lines")
        voice.error("".join(traceback.format_exception(error)).rstrip())
    elif isinstance(error, KeyboardInterrupt):
        voice.error("interrupted; earlier runs are as they were")
    else:
        voice.error(str(error) or type(error).__name__)
    return code


@command
def sample(
    voice: Voice,
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    source: Annotated[Source, typer.Option(help="Simulated, or published.")] = Source.synthetic,
    size: Annotated[Size, typer.Option(help="Of the synthetic one.")] = Size.small,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 1,
) -> None:
    """Write a ready workspace of sample data."""
    from foreship.samples import make_sample

    report = make_sample(folder, source=source.value, size=size.value, seed=seed)
    voice.notes(report.notes)
    voice.data(str(folder), report.to_dict())


@command
def check(voice: Voice, folder: Folder) -> None:
    """Report every fault of every table and of the config; change nothing."""
    from foreship.workspace.checking import check as check_workspace

    report = check_workspace(folder)
    voice.data(str(report), report.to_dict())
    raise typer.Exit(report.exit_code)


@command
def forecast(
    voice: Voice,
    folder: Folder,
    as_of: AsOf = None,
    model: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Predict with this run's model.")
    ] = None,
    retrain: Annotated[
        bool, typer.Option(help="Learn anew; keep RUN's model unless the new one wins.")
    ] = False,
) -> None:
    """Predict purchase probabilities and the scenarios the plan needs."""
    from foreship.jobs.weekly import forecast_job
    from foreship.runs import load_run

    workspace = _open(voice, folder, as_of)
    earlier = load_run(model) if model else None
    run = forecast_job(workspace, model=earlier, retrain=retrain, tell=voice.progress)
    _show_run(voice, run)


@command
def plan(
    voice: Voice,
    folder: Folder,
    as_of: AsOf = None,
    demand: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own: region, item, week, scenario, units."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Never relax a limit; exit 4.")] = False,
) -> None:
    """Pre-position stock: solve the program and write the plan."""
    from foreship.jobs.weekly import plan_job

    workspace = _open(voice, folder, as_of, history=demand is None)
    _show_run(voice, plan_job(workspace, demand=demand, strict=strict, tell=voice.progress))


@command
def run(voice: Voice, folder: Folder, as_of: AsOf = None) -> None:
    """Forecast, plan and report: the weekly job."""
    from foreship.jobs.weekly import run_job

    workspace = _open(voice, folder, as_of)
    _show_run(voice, run_job(workspace, tell=voice.progress))


@command
def backtest(
    voice: Voice,
    folder: Folder,
    weeks: Weeks = 8,
    policies: Annotated[
        str | None, typer.Option(metavar="A,B,..", help="Which policies; default: all.")
    ] = None,
    cost_factors: Annotated[
        str | None,
        typer.Option(metavar="A,B,..", help="Replay with lane and exit costs times these, too."),
    ] = None,
    regret: Annotated[
        bool, typer.Option("--regret", help="Also say where money was lost; more replays.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes to share the work; never changes the answer.")
    ] = 1,
    how: Annotated[Way | None, typer.Option(help="Default: processes, if more than one.")] = None,
) -> None:
    """Replay past weeks with what truly was ordered, in money by policy."""
    from foreship.replay.backtest import backtest as replay

    workspace = _open(voice, folder, None)
    chosen = [name.strip() for name in policies.split(",")] if policies else None
    result = replay(
        workspace,
        weeks=weeks,
        policies=chosen,
        cost_factors=_factors(cost_factors),
        regret=regret,
        workers=workers,
        how=how,
        tell=voice.progress,
    )
    voice.notes(result.notes)
    voice.data(str(result), result.to_dict())


def _factors(words: str | None) -> tuple[float, ...]:
    """Read numbers separated by commas; which of them will do, the replay says."""
    try:
        return tuple(float(each) for each in words.split(",")) if words else ()
    except ValueError:
        raise UsageError(f"--cost-factors {words}: give numbers, such as 0.5,1,2") from None


@command
def frontier(voice: Voice, folder: Folder, as_of: AsOf = None) -> None:
    """Show profit against CVaR: the price of safety."""
    from foreship.jobs.frontier import frontier as trace_frontier

    workspace = _open(voice, folder, as_of)
    result = trace_frontier(workspace, tell=voice.progress)
    voice.data(str(result), result.to_dict())


@command
def evaluate(
    voice: Voice,
    folder: Folder,
    weeks: Weeks = 8,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The page; default: DIR/evaluation.html.")
    ] = None,
) -> None:
    """Measure forecast skill over past weeks against the stated floors; write it as a page."""
    from foreship.jobs.weekly import evaluate_job

    workspace = _open(voice, folder, None)
    page = html or workspace.path / "evaluation.html"
    result = evaluate_job(workspace, weeks=weeks, page=page, tell=voice.progress)
    voice.note(f"the page is {page}")
    voice.data(str(result), {**result.to_dict(), "page": str(page)})


@command
def explain(
    voice: Voice,
    run: RunFolder,
    item: Annotated[str, typer.Option(help="The item's id.")],
    region: Annotated[str, typer.Option(help="The region's id.")],
) -> None:
    """Say why this item goes to this region in this quantity, unit by unit."""
    from foreship.jobs.weekly import view_of
    from foreship.reading.explanation import explain as explain_cell
    from foreship.runs import load_run

    result = explain_cell(view_of(load_run(run)), item, region)
    voice.data(result.text, result.to_dict())


@command
def report(voice: Voice, run: RunFolder) -> None:
    """Print where a run's page is, with its headline."""
    from foreship.jobs.weekly import view_of
    from foreship.reports.plan_page import headline
    from foreship.runs import load_run

    found = load_run(run)
    lines = headline(view_of(found))
    voice.notes(lines)
    page = found.path / "report.html"
    voice.data(str(page), {"report": str(page), "headline": lines})


@command
def diff(
    voice: Voice,
    before: Annotated[Path, typer.Argument(metavar="RUN", help="The earlier run.")],
    after: Annotated[Path, typer.Argument(metavar="RUN", help="The later run.")],
) -> None:
    """Compare two plans line by line, with their money."""
    from foreship.jobs.weekly import view_of
    from foreship.reading.compare import diff as compare
    from foreship.runs import load_run

    result = compare(view_of(load_run(before)), view_of(load_run(after)))
    voice.data(str(result), result.to_dict())


@command
def schema(voice: Voice) -> None:
    """Print the contract: tables, columns, settings, files, exit codes."""
    from foreship.workspace.schema import schema_dict, schema_text

    voice.data(schema_text(), schema_dict())


@command
def doctor(
    voice: Voice,
    folder: Annotated[Path | None, typer.Argument(help="A workspace to look over.")] = None,
) -> None:
    """Look over the installation and, if given, a workspace."""
    from foreship.cli.doctor import examine

    result = examine(folder)
    voice.data(str(result), result.to_dict())
    raise typer.Exit(result.exit_code)


def _open(voice: Voice, folder: Path, as_of: str | None, *, history: bool = True) -> Any:
    """Open the workspace; where no date was given, say which Monday was taken."""
    from foreship.workspace.opening import open_workspace

    voice.progress(f"read and check {folder}")
    workspace = open_workspace(folder, as_of, history=history)
    if as_of is None:
        voice.note(f"as of {workspace.as_of.date()}, the Monday after the last order")
    return workspace


def _show_run(voice: Voice, run: Any) -> None:
    """Say the headline and the notes, print the run's folder, hold it if the config asks."""
    from foreship.jobs.weekly import view_of

    voice.notes(run.notes)
    if run.summary:
        from foreship.reports.plan_page import headline

        voice.notes(headline(view_of(run)))
    value = {"run": str(run.path), "run_id": run.id, "as_of": run.as_of}
    voice.data(str(run.path), {**value, "summary": run.summary, "notes": run.notes})
    if run.summary.get("status") == "hold":
        voice.error("the plan is held for approval ([plan] hold)")
        raise typer.Exit(6)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from foreship.installation import own_version

        typer.echo(f"foreship {own_version()}")
        raise typer.Exit
