"""When the limits cannot all hold: which clash, and what gives way."""
