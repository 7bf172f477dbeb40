"""What must hold between columns and between tables, and what was assumed where nobody said it."""
