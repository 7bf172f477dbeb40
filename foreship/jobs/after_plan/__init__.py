"""What is worked out of a finished plan before it is written: a list of steps, a file each."""
