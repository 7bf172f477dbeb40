"""A finished run as its readers see it: explanation, comparison, workbook, charts."""
