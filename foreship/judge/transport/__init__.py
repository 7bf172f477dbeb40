"""Transport as the judge sees it: lanes, and the days on which they leave and arrive."""
