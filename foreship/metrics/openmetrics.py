"""A job's metrics as OpenMetrics text, which monitoring systems collect.

https://github.com/prometheus/OpenMetrics, version 1.0.0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from foreship.files import replace_atomically

__all__ = ["openmetrics_text", "write_openmetrics"]


class Family(NamedTuple):
    """A gauge: its name without `foreship_`, unit, meaning, and samples by label."""

    name: str
    unit: str
    """'' or the end of the name"""
    meaning: str
    samples: Mapping[str, Any]
    """value by the label's value; '' for the one without a label"""
    label: str = ""


def openmetrics_text(
    command: str, exit_code: int, metrics: Mapping[str, Any], as_of: str = ""
) -> str:
    """Return the text: what is not known is left out, the exit code is always there.

    Parameters
    ----------
    metrics
        `metrics` of `summary.json`; empty for a job that failed.
    """
    about = {"command": command, **({"as_of": as_of} if as_of else {})}
    labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in about.items())
    lines = [
        "# TYPE foreship_job info",
        "# HELP foreship_job What was asked for.",
        f"foreship_job_info{{{labels}}} 1",
    ]
    for family in _families(exit_code, metrics):
        lines += _lines_of(family)
    return "\n".join([*lines, "# EOF", ""])


def _families(exit_code: int, metrics: Mapping[str, Any]) -> Iterator[Family]:
    clock = metrics.get("clock", {})
    yield Family("run_exit_code", "", "Exit code of the job.", {"": exit_code})
    yield Family("table_rows", "", "Rows of each input table.", metrics.get("rows", {}), "table")
    yield Family("plan_cells", "", "Cells that were planned.", {"": metrics.get("cells")})
    yield Family("plan_lines", "", "Lines of the plan.", {"": metrics.get("lines")})
    yield Family("plan_units", "", "Units of all lines.", {"": metrics.get("units")})
    words = "Objective less its certified bound, over the size of the bound."
    yield Family("plan_gap_ratio", "ratio", words, {"": metrics.get("gap")})
    gates = metrics.get("gates", {})
    yield Family("plan_held", "", "1 for each gate that holds the plan.", gates, "gate")
    drift = metrics.get("drift", {})
    words = "Figures over their median in the last runs."
    yield Family("drift_ratio", "ratio", words, drift, "of")
    words = "Standard deviations of figures from their mean in the last runs."
    yield Family("drift_z", "", words, metrics.get("drift_z", {}), "of")
    skill = metrics.get("skill") or {}
    losses = {name: skill.get(name) for name in ("forecast", "climatology")}
    words = "Log-loss of p_1 on the weeks held out."
    yield Family("held_out_log_loss", "", words, losses, "of")
    words = "Share of the loss of climatology that the forecast saves on the weeks held out."
    yield Family("skill_ratio", "ratio", words, {"": skill.get("skill")})
    seconds = clock.get("seconds", {})
    yield Family("stage_seconds", "seconds", "Wall time of each stage.", seconds, "stage")
    cpu = {"": clock.get("cpu_seconds")}
    yield Family("cpu_seconds", "seconds", "Processor time of the job.", cpu)
    peak = {"": clock.get("peak_bytes")}
    yield Family("peak_memory_bytes", "bytes", "Most memory of one process of the job.", peak)


def _lines_of(family: Family) -> Iterator[str]:
    known = {label: value for label, value in family.samples.items() if _is_number(value)}
    if not known:
        return
    name = f"foreship_{family.name}"
    yield f"# TYPE {name} gauge"
    if family.unit:
        yield f"# UNIT {name} {family.unit}"
    yield f"# HELP {name} {family.meaning}"
    for label, value in known.items():
        where = f'{{{family.label}="{_escaped(label)}"}}' if family.label else ""
        yield (
            f"{name}{where} {float(value):.17g}"
            if value != int(value)
            else f"{name}{where} {int(value)}"
        )


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def _escaped(value: str) -> str:
    """Return a label's value as the format wants it."""
    return str(value).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def write_openmetrics(path: Path, text: str) -> None:
    """Write the text so that a collector never reads half of it; a pipe or device is written to.

    Raises
    ------
    OSError
        If the system refuses; what stood there stays.
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as stream:
            stream.write(text)
        return

    def fill(draft: Path) -> None:
        draft.write_text(text, "utf-8")
        draft.chmod(0o644)  # whoever collects them is another user

    replace_atomically(path, fill)
