"""How fast and how exactly the program is solved, beside general solvers."""
