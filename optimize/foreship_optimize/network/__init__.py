"""Where units may lie, how they may move, and what each way costs: places, cells, exits, moves."""
