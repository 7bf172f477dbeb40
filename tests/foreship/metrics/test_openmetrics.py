"""The text is OpenMetrics, whatever names and numbers there are, and is there whole or not."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from foreship.metrics.openmetrics import openmetrics_text, write_openmetrics

METRICS = {
    "rows": {"orders": 12, 'a"b\\c\nd': 1},
    "cells": 4, "lines": 2, "units": 7, "gap": 1.25e-05, "gates": {"stale": 1},
    "drift": {"rows.orders": 0.5, "units": float("nan")}, "drift_z": {"rows.orders": -2.5},
    "skill": {"weeks": 7, "forecast": 0.18, "climatology": 0.2, "skill": 0.1},
    "clock": {"seconds": {"plan": 0.25}, "cpu_seconds": 3.5, "peak_bytes": 2**31},
}  # fmt: skip
SAMPLE = re.compile(
    r'(?P<name>[a-z_]+)(?:\{(?P<labels>[a-z_]+="(?:[^"\\\n]|\\[\\n"])*"'
    r'(?:,[a-z_]+="(?:[^"\\\n]|\\[\\n"])*")*)\})? (?P<value>-?\d[\d.e+-]*)'
)


def parsed(text: str) -> dict[str, dict[str, float]]:
    """Read the text by the rules of the format; return value by family and labels."""
    *lines, end = text.removesuffix("\n").split("\n")
    assert end == "# EOF" and text.endswith("\n")
    found: dict[str, dict[str, float]] = {}
    family = kind = ""
    for line in lines:
        if line.startswith("# "):
            _, word, name, words = line.split(" ", 3)
            if word == "TYPE":
                assert name not in found, "each family stands once"
                family, kind = name, words
                found[family] = {}
            assert name == family and word in ("TYPE", "UNIT", "HELP")
            assert word != "UNIT" or name.endswith(f"_{words}")
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        assert sample["name"] == family + ("_info" if kind == "info" else "")
        assert sample["labels"] not in found[family], "each sample stands once"
        found[family][sample["labels"]] = float(sample["value"])
    assert all(found.values()), "no family is without samples"
    return found


def test_every_figure_is_there_once_with_unit_and_help() -> None:
    """Quotes, backslashes and line ends of names are escaped; what is no number is left out."""
    found = parsed(openmetrics_text("run", 0, METRICS, "2026-11-16"))
    assert found["foreship_run_exit_code"] == {None: 0.0}
    assert found["foreship_table_rows"] == {'table="orders"': 12.0, r'table="a\"b\\c\nd"': 1.0}
    assert found["foreship_plan_gap_ratio"] == {None: 1.25e-05}
    assert found["foreship_stage_seconds"] == {'stage="plan"': 0.25}
    assert found["foreship_peak_memory_bytes"] == {None: 2.0**31}
    assert found["foreship_drift_ratio"] == {'of="rows.orders"': 0.5}


def test_a_job_that_failed_has_its_exit_code_alone() -> None:
    """And what was asked for, so that an alarm can name it."""
    found = parsed(openmetrics_text("plan", 8, {}))
    assert found == {
        "foreship_job": {'command="plan"': 1.0},
        "foreship_run_exit_code": {None: 8.0},
    }


def test_the_parser_of_prometheus_reads_the_same() -> None:
    """All families, samples and values, of skill and drift too; no label is read otherwise."""
    text = openmetrics_text("run", 6, METRICS)
    families = {each.name: each for each in text_string_to_metric_families(text)}
    assert set(families) == set(parsed(text))
    assert {f.type for f in families.values()} == {"info", "gauge"}

    def said(name: str) -> dict[str, float]:
        return {"".join(s.labels.values()): s.value for s in families[f"foreship_{name}"].samples}

    assert said("table_rows") == METRICS["rows"]
    assert said("drift_ratio") == {"rows.orders": 0.5}
    assert said("drift_z") == {"rows.orders": -2.5}
    assert said("held_out_log_loss") == {"forecast": 0.18, "climatology": 0.2}
    assert said("skill_ratio") == {"": 0.1} and families["foreship_skill_ratio"].unit == "ratio"
    assert said("run_exit_code") == {"": 6.0}


def test_a_file_is_replaced_in_one_step_and_readable_for_a_collector(tmp_path: Path) -> None:
    """No draft is left beside it, and another user may read it, whatever the umask."""
    path = tmp_path / "foreship.prom"
    path.write_text("old")
    before = os.umask(0o077)
    try:
        write_openmetrics(path, "new")
    finally:
        os.umask(before)
    assert path.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["foreship.prom"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_what_cannot_be_written_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full device says so; a failure before the last step changes nothing."""
    if Path("/dev/full").exists():
        with pytest.raises(OSError, match="No space left"):
            write_openmetrics(Path("/dev/full"), "new")
    path = tmp_path / "foreship.prom"
    path.write_text("old")

    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_openmetrics(path, "new")
    assert [each.name for each in tmp_path.iterdir()] == ["foreship.prom"]
    assert path.read_text() == "old"
