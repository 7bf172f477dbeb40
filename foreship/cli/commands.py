"""The command line: every command in the order of `--help`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from foreship.cli import (
    about,
    deciding,
    keeping,
    proof,
    reading,
    reviewing,
    serving,
    starting,
    tables,
    week,
)
from foreship.cli.speaking import spoken
from foreship.cli.terminal.signals import settle
from foreship.cli.terminal.voice import Voice

__all__ = ["app"]

COMMANDS = (
    tables.sample,
    starting.init,
    tables.check,
    week.forecast,
    week.plan,
    week.run,
    deciding.approve,
    deciding.release,
    reviewing.review,
    proof.backtest,
    proof.frontier,
    proof.evaluate,
    serving.serve,
    reading.explain,
    reading.report,
    reading.diff,
    keeping.runs,
    keeping.clean,
    about.schema,
    about.doctor,
)
USAGE = 2
"""exit code of words that are not understood"""


class Commands(TyperGroup):
    """The commands; with `--json` what the command line does not understand is an object, too."""

    def make_context(self, *words: Any, **more: Any) -> Any:
        """Read the words before the command's name."""
        self._asked = list(words[1] if len(words) > 1 else more["args"])
        with self._told():
            return super().make_context(*words, **more)

    def invoke(self, ctx: Any) -> Any:
        """Find the command, read its own words and run it."""
        with self._told():
            return super().invoke(ctx)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say as an object what was not understood inside."""
        try:
            yield
        except Exception as error:
            told = getattr(error, "format_message", None)  # Click's own, or Typer's copy of it
            if told is not None:
                command = next((each for each in self._asked if each in self.commands), "")
                voice = Voice(as_json="--json" in self._asked, command=command)
                settle(USAGE)
                voice.failure(USAGE, "UsageError", told())
            raise


app = typer.Typer(
    name="foreship",
    cls=Commands,
    help="Anticipatory shipping: predict what each region will buy, ship the units worth it.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
for each in COMMANDS:
    app.command(each.__name__)(spoken(each))


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from foreship.installation import own_version

        typer.echo(f"foreship {own_version()}")
        raise typer.Exit
