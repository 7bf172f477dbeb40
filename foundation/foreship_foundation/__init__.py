"""What both rooms and the corridor stand on: the declared contract; nothing here makes a plan."""
