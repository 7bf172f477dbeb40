"""`python -m foreship` and the `foreship` command."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from foreship.cli.memory import heed_memory_limit
    from foreship.cli.signals import heed_signals
    from foreship.cli.streams import steady_streams

    steady_streams()
    heed_signals()
    heed_memory_limit()
    from foreship.cli.commands import app

    app()


if __name__ == "__main__":
    main()
