"""What the pages of items, regions and cells are made of."""
