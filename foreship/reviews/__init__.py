"""What became of a plan: sent and received, sold and left, gain that came against gain promised."""
