"""The work behind the commands, from an open workspace to a run folder."""
