"""The two stages of the weekly job without any file, and where the two rooms meet."""
