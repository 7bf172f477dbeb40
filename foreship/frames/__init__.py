"""Frames of any kind in: the only rooms that know pandas from polars, Arrow or DuckDB."""
