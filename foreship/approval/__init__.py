"""A plan's way from draft to release: edits, their prices, and the gates that hold it."""
