"""The plan as the planner reads it: lines, unit ledger, scarce limits, summary."""
