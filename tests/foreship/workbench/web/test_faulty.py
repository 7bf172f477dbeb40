"""Faults as a table."""

from __future__ import annotations

from foreship.errors import Fault
from foreship.workbench.web.faulty import fault_table


def test_a_fault_is_a_row_with_what_would_be_right() -> None:
    """Values are text, whatever they hold."""
    fault = Fault("items", "is odd", "mend it", column="price", rows=(2, 3), values=("<b>",))
    told = str(fault_table([fault]))
    assert "2, 3" in told and "&lt;b&gt;" in told and "mend it" in told
