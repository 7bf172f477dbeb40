"""Pictures in SVG: for the pages, for a notebook, for a file."""
