"""A job's own figures: what it took, how much it was, how far from the last ones."""
