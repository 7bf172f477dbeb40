"""Units that the program counts together: in tiers, by day of arrival, with what late ones lose."""
