"""The plan by order that settles: credits, the plan they ask for, and whole baskets."""
