"""Where tables come in that do not lie in the workspace: databases and object stores.

A door ends where checking begins: what comes in is Arrow columns, which the one ingest reads,
checks and types as it does those of files.
"""
