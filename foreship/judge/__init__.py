"""The judge: it carries out plans against the true orders and imports nothing that made them.

Nothing here imports `forecast` or `optimize`, so that what they planned is judged from outside.
"""
