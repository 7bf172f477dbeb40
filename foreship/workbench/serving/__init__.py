"""The server: its start and end, and what stands between HTTP and the pages."""
