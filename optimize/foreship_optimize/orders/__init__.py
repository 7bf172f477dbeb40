"""Money by the order: past orders walked through a plan, and how far any plan could be better."""
