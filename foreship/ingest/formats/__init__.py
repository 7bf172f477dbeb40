"""How files of other programs are written: recognised where certain, else declared or asked."""
