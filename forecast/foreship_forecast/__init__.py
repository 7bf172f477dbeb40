"""What each region will buy: the count distribution of every region, item and week.

>>> import foreship_forecast
>>> snapshot = foreship_forecast.Snapshot(tables, "2026-11-16")
>>> model = foreship_forecast.fit(snapshot)
>>> distribution = model.predict(snapshot)
>>> distribution.to_frame(), model.sample(distribution)

The names of `__init__.pyi` are imported on first use, so that importing the room is instant.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
