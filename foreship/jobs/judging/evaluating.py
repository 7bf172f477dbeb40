"""The job behind `foreship evaluate`: forecast skill over past weeks, printed and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from foreship import files
from foreship.installation import run_versions
from foreship.jobs.identity import Tell, silent
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    from foreship.workspace.opening import Workspace
    from foreship_forecast.evaluation.rolling import Evaluation

__all__ = ["evaluate_job"]


def evaluate_job(
    workspace: Workspace, *, weeks: int, page: Path | None = None, tell: Tell = silent
) -> Evaluation:
    """Measure forecast skill over the last `weeks` weeks against the stated floors.

    Raises
    ------
    UsageError
        If `page`, where the result is also written as HTML, is no place for one.
    """
    import foreship_forecast
    from foreship.reports import evaluation_page

    if page is not None:
        evaluation_page.refuse_place(page, workspace.path)
    tell(f"evaluate {plural(weeks, 'week')}")
    config = workspace.config
    result = foreship_forecast.evaluate(
        dict(workspace.tables), workspace.as_of, weeks, config.forecast, config.privacy
    )
    if page is not None:
        text = evaluation_page.render(result, config.to_dict(), run_versions())
        files.write_atomically(page, lambda path: path.write_text(text, "utf-8"))
    return result
