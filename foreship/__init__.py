"""foreship: from order lines to a shipment plan, with the reasons.

>>> import foreship
>>> workspace = foreship.open("workspace")
>>> run = foreship.run(workspace, as_of="2026-11-16")
>>> run.plan, run.summary["objective"]

The names of `__init__.pyi` are imported on first use, so that `import foreship` is instant.
"""

from typing import Any

from lazy_loader import attach_stub

_public, __dir__, _names = attach_stub(__name__, __file__)
__all__ = [name for name in _names if name != "open"]  # a star import keeps Python's own `open`


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name == "__version__":
        from foreship.installation import own_version

        return own_version()
    return _public(name)
