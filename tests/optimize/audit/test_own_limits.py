"""The audit weighs finished lines anew."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship_optimize.audit.own_limits import WAYS, own_limits_kept
from foreship_optimize.errors import AuditFailed
from foreship_optimize.own_limits.limit import Limit


def test_lines_beyond_a_limit_are_refused_unless_it_gave_way() -> None:
    """Four units of weight 2 are 8: too many for 7, not for 8, nor for 7 that became 8."""
    row = dict.fromkeys(WAYS, "x") | {"quantity": 4}
    lines = pd.DataFrame([row])
    limits = [Limit(f"most {upper}", upper, lambda ways: [2.0] * len(ways)) for upper in (7, 8)]
    with pytest.raises(AuditFailed, match=r"limit most 7: 8\.0 units, at most 7"):
        own_limits_kept(lines, {"relaxed": []}, limits)
    own_limits_kept(lines, {"relaxed": []}, limits[1:])
    own_limits_kept(lines, {"relaxed": [{"limit": "most 7", "kept": 8.0}]}, limits)
    own_limits_kept(lines.iloc[:0], {"relaxed": []}, limits)
