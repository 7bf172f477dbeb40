"""What the whole weekly job costs in time and memory."""
