"""A game of ordering one item by the week under changing demand and late or lost supply."""
