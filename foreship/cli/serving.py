"""The command that serves the workbench.

Annotations are real objects here (no postponed evaluation), since Typer reads them.
Nothing heavy is imported before the command runs: `--help` stays instant, and the library that
speaks HTTP is imported by no other command.
"""

import os
from ipaddress import ip_address
from typing import Annotated

import typer

from foreship.cli.options import MOST_SECONDS, Folder, Out, runs_folder
from foreship.cli.terminal.signals import ending_itself
from foreship.cli.terminal.voice import Voice

__all__ = ["serve"]

LIBRARIES = ("starlette", "uvicorn", "python_multipart")
MOST_PORT = 65535


def serve(
    voice: Voice,
    folder: Folder,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address of this machine to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=MOST_PORT, help="Port; 0: 8620 or, if taken, a free one.")
    ] = 0,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it in the browser.")
    ] = True,
    out: Out = None,
    wait: Annotated[
        float,
        typer.Option(
            min=0,
            max=MOST_SECONDS,
            help="Seconds that work behind the pages waits while another program is at work.",
        ),
    ] = 600,
) -> None:
    """Open the planner's workbench in the browser: read runs, decide, try, approve, release."""
    _refuse_without_libraries()
    from foreship.workbench.serving.in_step import in_step
    from foreship.workbench.serving.starting import listener, opened_bench, serve

    runs_at = folder if out is None else runs_folder(out)
    where = listener(host, port)
    with (
        where,
        ending_itself(),
        in_step(out, voice.note),
        opened_bench(folder, runs_at, host, _port(where), wait) as bench,
    ):
        link = bench.door.link

        def ready() -> None:
            if not ip_address(where.getsockname()[0]).is_loopback:
                voice.note(
                    f"{host} is reached by others, and what is sent is plain HTTP: anybody "
                    "between can read it and come in by the link"
                )
            value = {"url": link, "pid": os.getpid(), "host": host, "port": _port(where)}
            voice.data(link, value)
            voice.end()
            voice.note("Ctrl-C ends it")
            if open_browser:
                typer.launch(link)

        ended_by = serve(bench, where, ready)
        if ended_by and bench.jobs.close():
            raise typer.Exit(128 + ended_by)  # what was at work did not come to its end


def _port(where: object) -> int:
    return int(where.getsockname()[1])  # type: ignore[attr-defined]


def _refuse_without_libraries() -> None:
    """Raise DoorMissing unless what the extra brings is installed."""
    from importlib.util import find_spec

    from foreship.errors import DoorMissing

    if any(find_spec(each) is None for each in LIBRARIES):
        raise DoorMissing("the workbench needs libraries: pip install 'foreship[serve]'")
