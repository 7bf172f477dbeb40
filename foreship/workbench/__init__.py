"""The workbench: a planner's pages that answer, served on this machine."""
