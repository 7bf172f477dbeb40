"""`python -m foreship` and the `foreship` command."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from foreship.cli.memory import heed_memory_limit
    from foreship.cli.terminal.signals import heed_signals
    from foreship.cli.terminal.streams import steady_streams
    from foreship.errors import Stopped

    steady_streams()
    try:
        heed_signals()
        heed_memory_limit()
        from foreship.cli.commands import app

        app()
    except MemoryError:  # where there was not even enough to say so
        os.write(2, b"error: memory ran out; earlier runs are as they were\n")
        sys.exit(5)
    except (Stopped, KeyboardInterrupt) as error:
        sys.exit(_stopped_early(error))


def _stopped_early(error: BaseException) -> int:
    """Say that the process was stopped before a command began that would say it itself."""
    from foreship.cli.terminal.answer import Answer, failure_of
    from foreship.cli.terminal.signals import settle
    from foreship.exit_codes import exit_code_of

    settle(code := exit_code_of(error))
    said = failure_of(code)
    os.write(2, f"error: {said['message']}\n".encode())
    if "--json" in sys.argv:
        Answer("", _write).end(code)
    return code


def _write(value: Mapping[str, Any]) -> None:
    from foreship.files import json_text

    os.write(1, f"{json_text(value)}\n".encode())


if __name__ == "__main__":
    main()
