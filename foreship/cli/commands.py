"""The command line: every command in the order of `--help`."""

from typing import Annotated

import typer

from foreship.cli import about, proof, reading, tables, week
from foreship.cli.speaking import spoken

__all__ = ["app"]

COMMANDS = (
    tables.sample,
    tables.check,
    week.forecast,
    week.plan,
    week.run,
    proof.backtest,
    proof.frontier,
    proof.evaluate,
    reading.explain,
    reading.report,
    reading.diff,
    about.schema,
    about.doctor,
)

app = typer.Typer(
    name="foreship",
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
