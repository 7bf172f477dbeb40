"""From a continuous plan to whole units, packs and lines, and how far that is from the bound."""
