"""Doubts about prices, costs and other amounts: their scale, and what does not pay."""
