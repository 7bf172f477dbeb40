"""From a plan to goods that leave: its stages, a planner's edits, gates that hold it."""
