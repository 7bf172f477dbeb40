"""Units of joint paths, however they are kept: read by cells and weeks, or from end to end."""
