"""Small networks with whole orders, their best plans by trying all, and what ours lose."""
