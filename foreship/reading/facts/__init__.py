"""What stands beside a line: what a planner judges it by, and why it is so many."""
