"""Published grocery orders as a workspace, on an assumed network."""
