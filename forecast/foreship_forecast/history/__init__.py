"""What was known at `as_of`: the snapshot, dense panels of it, and what they say at a glance."""
