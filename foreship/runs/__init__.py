"""Run folders: whole or absent, verified by hash, one writer at a time.

The names of `__init__.pyi` are imported on first use.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
