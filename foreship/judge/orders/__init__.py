"""Orders where money is by the order: their book, the gate before their region, their parcels."""
