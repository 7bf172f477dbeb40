"""What workers of a cluster cost: bytes moved, seconds and memory by stage."""
