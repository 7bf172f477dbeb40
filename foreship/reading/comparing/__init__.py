"""Two plans side by side: what differs, and why one earns more."""
