"""What a planner should look at first: one list of exceptions, most money first."""
