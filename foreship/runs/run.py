"""A finished run: its folder, its manifest, and its tables as frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.errors import Tampered, UsageError
from foreship.files import path_of
from foreship.own_files import MANIFEST, read_frame, read_summary
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    import pandas as pd

    from foreship.reports.pictures.charts import Picture
    from foreship_forecast.learning.model_view import ModelView
    from foreship_optimize.program.named import Program

__all__ = ["Run"]

OF_FORECASTS = ("forecast.parquet", "law.parquet", "scenarios.parquet")


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, its manifest and, read on demand, its tables.

    Frames are those of the contract; what a command did not make is None (a forecast has no
    plan) or, for frames, raises UsageError with the command that makes it.
    """

    path: Path
    manifest: Mapping[str, Any] = field(repr=False)
    doubts: tuple[str, ...] = ()
    """what in the folder is not as it was written, and was not needed to read the run"""
    reused: bool = False
    """whether it stood already when its job was asked for again"""
    keeper: object = field(default=None, compare=False, repr=False)
    """the workspace it was made from, where that is one of frames and keeps its folder"""

    @property
    def id(self) -> str:
        """Hash of inputs, config and versions, ten hexadecimal digits."""
        return str(self.manifest["run_id"])

    @property
    def as_of(self) -> str:
        """The Monday the run was made for, ISO date."""
        return str(self.manifest["as_of"])

    @property
    def workspace(self) -> Path:
        """The folder with the tables it was made from, where its runs lie in another one, too."""
        return Path(self.manifest.get("workspace", self.path.parent.parent))

    @property
    def notes(self) -> list[str]:
        """What was left out, borrowed or assumed, one sentence each; last what changed since."""
        return [*self.manifest["notes"], *self.doubts]

    def fact(self, name: str) -> Any:
        """Return what the manifest says of the run beside its files.

        Raises
        ------
        Tampered
            If it does not say it, though every run of a command does.
        """
        if name not in self.manifest:
            raise Tampered(f"{self.path / MANIFEST} is damaged ({name}); make the run again")
        return self.manifest[name]

    @cached_property
    def forecast(self) -> pd.DataFrame:
        """`forecast.parquet`: a row for each cell and week."""
        return self.frame("forecast.parquet")

    def to_nixtla(
        self, levels: Sequence[float] = (50, 80, 90), name: str = "foreship"
    ) -> pd.DataFrame:
        """Return the forecast as Nixtla's tools write it, and as `foreship.demand_of` reads it.

        Parameters
        ----------
        levels
            Widths of intervals: 50, 80 or 90 [percent].
        name
            What the model is called.
        """
        from foreship.runs.nixtla import nixtla_frame

        return nixtla_frame(self.forecast, levels, name)

    @cached_property
    def plan(self) -> pd.DataFrame:
        """`plan.parquet`: a row a line."""
        return self.frame("plan.parquet")

    @cached_property
    def units(self) -> pd.DataFrame:
        """`units.parquet`: the unit ledger."""
        return self.frame("units.parquet")

    @cached_property
    def reasons(self) -> pd.DataFrame | None:
        """`reasons.parquet`: what stops or holds units that the ledger does not tell of.

        None for a run made before there was one.
        """
        return self._frame_if_there("reasons.parquet")

    @cached_property
    def orders(self) -> pd.DataFrame | None:
        """`orders.parquet`: what past orders say of each cell.

        None where money is by the unit, and for a forecast alone.
        """
        return self._frame_if_there("orders.parquet")

    @cached_property
    def departures(self) -> pd.DataFrame | None:
        """`departures.parquet`: what leaves when, in how many vehicles.

        None where no lane states more than its units' cost, and for a forecast alone.
        """
        return self._frame_if_there("departures.parquet")

    @cached_property
    def needs(self) -> pd.DataFrame | None:
        """`needs.parquet`: what hubs are expected to need, by item and week; None if unknown."""
        return self._frame_if_there("needs.parquet")

    @cached_property
    def ahead(self) -> pd.DataFrame | None:
        """`ahead.parquet`: what later plans are expected to send; None if unknown."""
        return self._frame_if_there("ahead.parquet")

    @property
    def scenarios(self) -> pd.DataFrame:
        """`scenarios.parquet`: the sample paths of the forecast it was planned on.

        Columns `region, item, week, scenario, units` [`order_size`]; absent rows are 0 units,
        `attrs["scenarios"]` is how many there are.
        """
        from foreship.runs.behind import frame_behind

        return frame_behind(self.path, self.manifest, "scenarios.parquet")

    def p_k(self, largest: int = 5) -> pd.DataFrame:
        """Return the chance that the k-th unit is ordered, for k = 1 .. `largest`.

        Parameters
        ----------
        largest
            1 to 100,000; the frame has as many rows a cell and week.

        Returns
        -------
        Frame `region, item, week, k, p`, exactly by the law of the forecast it was planned on.

        Raises
        ------
        UsageError
            If there is no law: the demand was one's own, or the forecast was made before laws
            were kept; or `largest` is out of its range.
        """
        from foreship.runs.behind import chances_of

        return chances_of(self.path, self.manifest, largest)

    @cached_property
    def model(self) -> ModelView:
        """The model of the forecast it was planned on: `.boosters`, `.features`, `.importances`.

        Raises
        ------
        UsageError
            If no model is kept there.
        Tampered, ModelRefused
            If it is not what the manifest says, or no model of this version.
        """
        from foreship.runs.behind import model_behind

        return model_behind(self.path, self.manifest)

    @cached_property
    def program(self) -> Program:
        """The continuous program of the plan: `.problem` (PuLP), `.names`, `.to_file("x.lp")`.

        Written down anew from what the run was planned on; its optimum is the continuous one of
        the plan, in money and before whole units (with that of policies, where they ask).

        Raises
        ------
        UsageError
            If there is none: so many items are found by prices, or what it was planned on is not
            kept (own scenarios, policies or limits, or changed orders).
        """
        # the one way up from a run: all else here is read from its folder
        from foreship.jobs.deciding.run_program import program_of

        return program_of(self)

    @property
    def shadow_prices(self) -> pd.DataFrame:
        """What one unit more of each scarce limit is worth: `limit, family, price, unit, words`."""
        import pandas as pd

        columns = ["limit", "family", "price", "unit", "words"]
        return pd.DataFrame(self.summary.get("shadow_prices", []), columns=columns)

    def ledger(self, item: str, region: str) -> pd.DataFrame:
        """Return the unit ledger of one cell with the reason of each unit in words.

        Parameters
        ----------
        item, region
            Their ids.

        Returns
        -------
        Rows of `units.parquet` of the cell, with a column `reason`.

        Raises
        ------
        UsageError
            If the run did not weigh the cell; with the nearest id.
        """
        from foreship.runs.ledger import ledger_of

        return ledger_of(self.units, item, region)

    def save(self, folder: str | Path) -> Run:
        """Copy the run into `folder` under its name, whole or not at all; return the copy.

        Raises
        ------
        UsageError
            If something lies there already.
        StorageError
            If the system refuses.
        """
        from foreship.runs.copying import copied

        return replace(
            self, path=copied(self.path, self.manifest, path_of(folder, "folder")), keeper=None
        )

    def extra(self, name: str) -> pd.DataFrame | None:
        """Read what was worked out of the plan, by file name; None where it says nothing."""
        return self._frame_if_there(name)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """`summary.json`: status, money, bound and gap; empty for a forecast alone."""
        path = self.path / "summary.json"
        return read_summary(path) if path.exists() else {}

    def _frame_if_there(self, name: str) -> pd.DataFrame | None:
        return self.frame(name) if (self.path / name).exists() else None

    def frame(self, name: str) -> pd.DataFrame:
        """Read one of the run's Parquet files.

        Raises
        ------
        UsageError
            If the run has no such file.
        Tampered
            If it cannot be read as what it should be.
        """
        if not (self.path / name).exists():
            made_by = "forecast" if name in OF_FORECASTS else "plan"
            raise UsageError(f"{self.path.name} holds no {name}; `foreship {made_by}` makes one")
        return read_frame(self.path / name)

    def chart(self) -> Picture:
        """Draw the plan, or the forecast where there is no plan."""
        from foreship.reports.pictures.charts import draw_forecast, draw_plan

        if (self.path / "plan.parquet").exists():
            return draw_plan(self.plan, self.units)
        return draw_forecast(self.forecast)

    def __str__(self) -> str:
        lines = [f"Run {self.path.name}"]
        shown = ("status", "termination", "objective", "bound", "gap", "cvar")
        known = [key for key in shown if key in self.summary]
        lines += [f"  {key:<12} {_in_short(self.summary[key])}" for key in known]
        files = self.manifest.get("files", {})
        total = sum(int(entry["bytes"]) for entry in files.values())
        lines.append(f"  {plural(len(files), 'file')} with {total:,} bytes")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from foreship.reports.tables_html import html_table

        there = (self.path / "plan.parquet").exists()
        return f"<pre>{escape(str(self))}</pre>{html_table(self.plan) if there else ''}"


def _in_short(value: object) -> str:
    return f"{value:,.4f}" if isinstance(value, float) else str(value)
