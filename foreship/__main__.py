"""`python -m foreship` and the `foreship` command."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from foreship.cli.memory import heed_memory_limit
    from foreship.cli.terminal.signals import heed_signals
    from foreship.cli.terminal.streams import steady_streams

    steady_streams()
    heed_signals()
    heed_memory_limit()
    try:
        from foreship.cli.commands import app

        app()
    except MemoryError:  # where there was not even enough to say so
        os.write(2, b"error: memory ran out; earlier runs are as they were\n")
        sys.exit(5)


if __name__ == "__main__":
    main()
