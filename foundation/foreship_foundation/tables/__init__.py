"""The contract of tables and files: declared as values, and what columns handed in must hold."""
