"""The same jobs in Python: frames in, frames out, and the run folders a batch would write."""
