"""Count distributions: their law, calibration, dependence, sample paths and scores."""
