"""Orders: which lines are one order, how many customers stand behind cells, what parcels cost."""
