"""A folder of tables and settings, checked and opened; the contract in words."""
