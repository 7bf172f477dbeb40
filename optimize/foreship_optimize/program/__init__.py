"""The linear program of docs/program.md, its solver, and the bound that certifies it."""
