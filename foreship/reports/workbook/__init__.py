"""The plan as an Excel workbook: summary, lines, picking, matrix, unit ledger, limits.

Text is written as text: an id such as `00123` keeps its zeros, and one that begins with `=`
is never a formula. The same run gives the same bytes.
"""

from foreship.reports.workbook.book import write
from foreship.reports.workbook.figures_sheets import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "write"]
