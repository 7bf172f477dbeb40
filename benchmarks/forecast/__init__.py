"""How good the purchase probabilities are, beside what anyone could do without learning."""
