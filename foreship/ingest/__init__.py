"""From files to typed columns: strict readers, one parser a kind, and the rules between tables."""
