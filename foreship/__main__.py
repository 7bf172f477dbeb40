"""`python -m foreship` and the `foreship` command."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from foreship.cli.commands import app

    app()


if __name__ == "__main__":
    main()
