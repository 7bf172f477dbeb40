"""Pieces of work side by side; the only folder beside `cluster` that knows Dask.

The names of `__init__.pyi` are imported on first use.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
