"""The level that every forecast starts from: how fast an item sells now, what a cell sells of it, what is known ahead."""
