"""Many plans of one workspace under other settings: no lock, no file, side by side if asked."""
