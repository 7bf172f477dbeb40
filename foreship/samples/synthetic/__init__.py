"""A simulated retailer, and the law its customers truly follow."""
