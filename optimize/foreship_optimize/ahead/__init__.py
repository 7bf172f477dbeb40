"""What later plans pay for scarce room, and what they are expected to send."""
