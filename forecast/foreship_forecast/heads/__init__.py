"""What predicts a cell's demand: boosters, plain floors, levels borrowed from a pool."""
