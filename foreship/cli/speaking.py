"""What every command shares: the options of its voice, and an exit code for each error."""

import contextlib
import functools
import inspect
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from foreship.cli.memory import refuse_small_memory
from foreship.cli.report_file import Report
from foreship.cli.terminal.signals import last_words, settle
from foreship.cli.terminal.voice import LogFormat, Voice
from foreship.errors import Fault, Stopped
from foreship.exit_codes import exit_code_of, is_expected
from foreship.installation import is_library_missing
from foreship_foundation.telling.words import sentence

__all__ = ["spoken"]

MEMORY = 5
"""exit code of what ran out of memory, or of time"""
SHARED = {
    "as_json": Annotated[bool, typer.Option("--json", help="Print one JSON object.")],
    "quiet": Annotated[bool, typer.Option("--quiet", "-q", help="Say only errors.")],
    "verbose": Annotated[bool, typer.Option("--verbose", "-v", help="Say every stage.")],
    "log_format": Annotated[LogFormat, typer.Option("--log-format", help="Form of stderr.")],
}
WORD = inspect.Parameter.KEYWORD_ONLY
MEASURED = ("forecast", "plan", "run")
"""commands whose metrics are worth collecting"""
MetricsFile = Annotated[
    Path | None,
    typer.Option(
        "--metrics", metavar="FILE", help="Also write metrics as OpenMetrics text, on failure too."
    ),
]


def spoken(function: Callable[..., None]) -> Callable[..., None]:
    """Wrap a command: give it the shared options as a Voice, its errors an exit code."""

    @functools.wraps(function)
    def run(**options: Any) -> None:
        shared = {name: options.pop(name) for name in SHARED}
        voice = Voice(**shared, command=function.__name__)
        report = Report(options.pop("metrics", None), voice)
        with last_words(functools.partial(_cut_off, voice, report)):
            try:
                refuse_small_memory()
                with voice.following():
                    code = _ended(function, voice, options)
                settle(code)
                report.write(code)
                voice.end(code)
            except (Exception, KeyboardInterrupt, Stopped) as error:
                settle(code := exit_code_of(error))
                if code == MEMORY:
                    traceback.clear_frames(error.__traceback__)  # words need some, too
                with contextlib.suppress(Exception):  # the first trouble is the one to be told
                    report.write(code)
                raise typer.Exit(_explain(error, voice)) from None
        if code:
            raise typer.Exit(code)

    own = list(inspect.signature(function).parameters.values())[1:]
    if function.__name__ in MEASURED:
        own.append(inspect.Parameter("metrics", WORD, default=None, annotation=MetricsFile))
    shared = [
        inspect.Parameter(
            name,
            WORD,
            default=LogFormat.text if name == "log_format" else False,
            annotation=kind,
        )
        for name, kind in SHARED.items()
    ]
    own = [each.replace(kind=WORD) for each in own]
    run.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in (*own, *shared)}
    return run


def _ended(function: Callable[..., None], voice: Voice, options: dict[str, Any]) -> int:
    """Run a command and measure it; return the exit code that it ends with by itself."""
    from foreship.metrics.meter import measuring

    try:
        with measuring(voice.ended):
            function(voice, **options)
    except typer.Exit as ending:
        return ending.exit_code
    return 0


def _cut_off(voice: Voice, report: Report, code: int, name: str) -> None:
    """Say in the place of a main thread that did not end by itself what ended it."""
    with contextlib.suppress(Exception):
        report.write(code)
    error = KeyboardInterrupt() if name == "SIGINT" else Stopped(name)
    voice.failure(code, type(error).__name__, _words_of(error))


def _explain(error: BaseException, voice: Voice) -> int:
    code, words = exit_code_of(error), _words_of(error)
    if not is_expected(error):
        voice.error("This is a bug of ours; please report it with these lines.")
        voice.error("".join(traceback.format_exception(error)).rstrip())
    else:
        voice.error(words)
    faults = [each.to_dict() for each in getattr(error, "faults", ()) if isinstance(each, Fault)]
    with contextlib.suppress(OSError):  # stdout itself may be what failed; stderr has the words
        voice.failure(code, type(error).__name__, words, faults)
    return code


def _words_of(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted; earlier runs are as they were."
    if isinstance(error, Stopped):
        return f"Stopped by {error}; earlier runs are as they were."
    words = str(error) or type(error).__name__
    if is_library_missing(error):
        words += ": a library cannot be loaded; `foreship doctor` names it and what helps"
    return "\n".join(sentence(line) for line in words.split("\n"))
