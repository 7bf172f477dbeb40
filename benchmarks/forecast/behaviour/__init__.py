"""Does the forecast follow what a planner sees: changes, peaks, launches, silence, a huge order."""
