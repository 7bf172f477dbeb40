"""The level each forecast starts from: an item's pace, a cell's share, what is known ahead."""
