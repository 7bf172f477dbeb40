"""How things travel: places and lanes, when departures leave, when what is under way arrives."""
