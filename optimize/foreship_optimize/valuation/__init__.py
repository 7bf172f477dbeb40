"""From tables and demand to the problem: what the k-th unit of every cell is worth."""
