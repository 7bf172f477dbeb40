"""The judge of a finished plan; it shares no code with what it judges."""
