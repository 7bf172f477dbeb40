"""Ready workspaces to try the tool on: simulated orders with their truth, or published ones.

    make_sample("workspace")                                  # simulated, small
    make_sample("grocery", source="complete-journey")         # needs the extra `samples`

A simulated workspace also holds its law of demand in `truth/`; see `synthetic.truth`.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
