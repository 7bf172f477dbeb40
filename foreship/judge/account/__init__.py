"""What weeks came to: orders served, sales, freight, and what units that are left are worth."""
