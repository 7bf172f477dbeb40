"""What the k-th unit in a cell is worth: need, recursion over the reviews, ranks."""
