"""Whether the last plans together brought what they promised (gate `promise`)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from foreship.errors import UsageError
from foreship.params import GateParams
from foreship.reviews.week import Reviewed, promise_of
from foreship_foundation.telling.words import money, percent, plural

if TYPE_CHECKING:
    import pandas as pd

    from foreship.runs import Run

__all__ = ["promise_words"]

FEWEST = 2
"""plans; one alone tells too little"""


def promise_words(
    runs: Sequence[Run],
    now: Mapping[str, pd.DataFrame],
    until: pd.Timestamp,
    settings: GateParams,
) -> list[str]:
    """Return a sentence where the last plans brought less than their promise by far, else nothing.

    Parameters
    ----------
    runs
        Plans of earlier weeks, newest first; the first `gates.plans` whose windows are over count.
    now
        Tables of the workspace today.
    until
        First day of which nothing is known.
    """
    promised, came = [], []
    for run in runs:
        try:
            played = Reviewed.of(run, now, until)
        except UsageError:  # an older run, or one that today's tables do not fit
            continue
        brought = played.past.came(played.sent)
        if brought.settled:
            promised.append(promise_of(run.summary))
            came.append(brought.gain)
        if len(came) == settings.plans:
            break
    total, brought_in_all = math.fsum(promised), math.fsum(came)
    if len(came) < FEWEST or brought_in_all >= settings.promise_share * total:
        return []
    return [
        f"the last {plural(len(came), 'plan')} whose weeks are over brought "
        f"{money(brought_in_all)} of {money(total)} promised (gates.promise_share = "
        f"{percent(settings.promise_share)})"
    ]
