"""What all pages are made of: their frame, links, fields and figures."""
