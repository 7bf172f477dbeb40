"""How a command meets the terminal: its streams, its voice, its progress, and how it ends."""
