"""What would be on a page only if some text of the data had been taken for markup."""

from __future__ import annotations

__all__ = ["ALIEN"]

ALIEN = "() => [...document.querySelectorAll('main script, main img, main i, main b, svg[onload]')]"
"""script that returns such elements"""
