"""What counts as a frame, for those who read types."""

from narwhals.stable.v2.typing import IntoFrame

__all__ = ["IntoFrame"]
