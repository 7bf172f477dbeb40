"""What each unit is worth where, and the plan that ships the units worth it.

>>> import foreship_optimize
>>> plan = foreship_optimize.make_plan(tables, demand, as_of, foreship_optimize.OptimizeParams())
>>> plan.lines, plan.units, plan.summary

The names of `__init__.pyi` are imported on first use, so that importing the room costs nothing.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
