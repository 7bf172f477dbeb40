"""The lines of a plan as a grid: chosen, sorted, grouped and added up by what the address says."""
