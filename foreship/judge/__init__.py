"""The parts of the judge: network, buyers, stock and money of a replay (docs/replay.md).

Nothing here imports `forecast` or `optimize`, so that what they planned is judged from outside.
"""
