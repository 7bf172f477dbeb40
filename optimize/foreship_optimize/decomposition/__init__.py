"""Column generation: each item is solved alone at prices, and a master combines the plans found."""
