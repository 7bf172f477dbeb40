"""The planner's workbench: pages in a browser on runs and on decisions about them.

This process reads finished runs and writes drafts; whatever changes a workspace is done by a
child process that is the command itself.
"""
