"""A draft as the file of edits that `foreship approve --edits` reads."""

from __future__ import annotations

import csv
import io

from foreship.workbench.drafts.entry import Entry
from foreship.workbench.drafts.log import Draft

__all__ = ["HEADINGS", "as_csv"]

HEADINGS = ("line", "decision", "new_quantity", "comment")


def as_csv(draft: Draft) -> str:
    """Return what counts of a draft, a row a line; authors are named where there are several."""
    decided = draft.decided
    named = len({each.author for each in decided}) > 1
    text = io.StringIO(newline="")
    # a lone carriage return ends a row unless it stands in quotes
    is_broken = any("\r" in each.comment for each in decided)
    rows = csv.writer(
        text, lineterminator="\n", quoting=csv.QUOTE_ALL if is_broken else csv.QUOTE_MINIMAL
    )
    rows.writerow(HEADINGS)
    rows.writerows(_row(each, named=named) for each in decided)
    return text.getvalue()


def _row(entry: Entry, *, named: bool) -> tuple[int, str, int | None, str]:
    comment = f"{entry.comment} ({entry.author})".strip() if named else entry.comment
    return entry.line, entry.decision, entry.quantity, comment
