"""Column generation: many items by prices, each alone, and the mix of their plans."""
