"""How things are said in all rooms: words, the name that was meant, how far work is."""
