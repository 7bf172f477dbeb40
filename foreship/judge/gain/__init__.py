"""What a plan gained: its weeks with it and without it, its own units, and how far it got."""
