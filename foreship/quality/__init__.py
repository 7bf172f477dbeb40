"""Data quality: what a sound table may still get wrong, as warnings with their rows."""
