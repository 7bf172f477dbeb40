"""How good are the purchase probabilities, beside what anybody could have said? See README.md."""
