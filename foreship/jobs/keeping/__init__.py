"""What becomes of runs once they are made: listed, and removed when they are old."""
