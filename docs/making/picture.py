"""Draw the README's picture, `docs/assets/picture.svg`, from a run on the tiny sample.

One item in one region, the plan's best line: its orders, the chance of each unit, the decision.
The map of the same run's page goes to `docs/assets/map.svg`, as the page shows it.

    python docs/making/picture.py
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pandas as pd

if TYPE_CHECKING:
    from foreship import Run

__all__ = ["draw", "main", "map_of", "run_of_tiny"]

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "data" / "tiny"
PICTURE = ROOT / "docs" / "assets" / "picture.svg"
MAP = PICTURE.with_name("map.svg")

WIDTH, HEIGHT = 880, 310
BASE, TALL = 236.0, 140.0  # y of the bars' feet, and the height of the tallest [px]
PANELS = (36.0, 336.0, 640.0)  # left edges [px]
WEEKS = 240.0  # width of the weeks' panel [px]
BAR, STEP = 27.0, 43.0  # width of a unit's bar, and from one to the next [px]

STYLE = """
svg { --card: #ffffff; --edge: #d0d7de; --ink: #1d2730; --soft: #57626c; --sent: #00795a;
  --not: #aab4bd; --week: #0072b2; --pays: #c24e00;
  font: 13px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
@media (prefers-color-scheme: dark) {
  svg { --card: #151b22; --edge: #3a434d; --ink: #e6edf3; --soft: #a3afba; --sent: #2bb98f;
    --not: #66727e; --week: #56b4e9; --pays: #f0883e; }
}
text { fill: var(--ink); }
.head { font-weight: 650; font-size: 15px; }
.soft { fill: var(--soft); }
.big { font-weight: 650; font-size: 30px; }
.mid { text-anchor: middle; }
.pays { fill: var(--pays); }
.card { fill: var(--card); stroke: var(--edge); }
.week { fill: var(--week); }
.sent { fill: var(--sent); }
.not { fill: var(--not); }
.line { stroke: var(--edge); }
.even { stroke: var(--pays); stroke-width: 1.5; stroke-dasharray: 5 3; }
.arrow { stroke: var(--soft); stroke-width: 2; fill: none; }
"""


def main() -> None:
    """Run the tiny sample in a temporary folder and draw its plan."""
    with tempfile.TemporaryDirectory() as folder:
        run = run_of_tiny(Path(folder) / "tiny")
        PICTURE.write_text(draw(run), "utf-8")
        MAP.write_text(map_of((run.path / "report.html").read_text("utf-8")), "utf-8")


def map_of(page: str) -> str:
    """Cut the map out of a run's page, with the page's own rules for its colours."""
    drawn = re.search(r'<svg class="map".*?</svg>', page, re.DOTALL)
    if drawn is None:
        raise ValueError("the page has no map")
    rules = re.findall(r":root .*?\}|^svg.*?\}$", page, re.DOTALL | re.MULTILINE)
    style = "\n".join([*rules, "svg { background: #f5f7f9; }"])
    body = drawn[0].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return body.replace(">", f"><style>{style}</style>", 1) + "\n"


def run_of_tiny(folder: Path) -> Run:
    """Return the weekly job's run on a copy of the tiny sample in a new `folder`."""
    import foreship

    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("runs", ".foreship"))
    return foreship.run(foreship.open(folder))


def draw(run: Run) -> str:
    """Return the picture of a run of the tiny sample: the same run, the same text."""
    ships = run.plan[run.plan["action"] == "ship"]
    line = ships.sort_values(["expected_gain", "item"]).iloc[-1]
    region, item = line["destination"], line["item"]
    cell = (run.units["region"] == region) & (run.units["item"] == item)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>Orders of item {item} in region {region}, the chance that each further unit is "
        f"bought, and what the plan sends</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="card" x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="10"/>',
        *_orders(pd.read_parquet(TINY / "orders.parquet"), region, item),
        *_chances(run.units[cell]),
        *_decision(line, run.units[cell]),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _orders(orders: pd.DataFrame, region: str, item: str) -> Iterator[str]:
    """Yield the units ordered in the cell, a bar a week."""
    weeks = orders["date"].dt.to_period("W").dt.start_time
    span = pd.date_range(weeks.min(), weeks.max(), freq="7D")
    own = (orders["region"] == region) & (orders["item"] == item)
    units = orders[own].groupby(weeks[own])["quantity"].sum().reindex(span, fill_value=0)
    left, width, most = PANELS[0], WEEKS / len(units), units.max()
    yield _text(left, 36, "head", "Orders")
    yield _text(left, 56, "soft", f"item {item} in region {region},")
    yield _text(left, 73, "soft", f"units a week, {len(units)} weeks")
    for n, count in enumerate(units):
        yield _bar("week", left + n * width, width - 1, TALL * count / most)
    yield _foot(left, WEEKS)
    yield _text(left, BASE + 20, "soft", f"most in a week: {most}")


def _chances(units: pd.DataFrame) -> Iterator[str]:
    """Yield the chance of each unit and the chance from which on it pays."""
    left, width = PANELS[1], STEP * len(units)
    yield _text(left, 36, "head", "The chance of each unit")
    yield _text(left, 56, "soft", "to be bought before the next shipment")
    even = float((units["loss"] / (units["gain"] + units["loss"])).max())
    for n, unit in enumerate(units.itertuples()):
        x = left + n * STEP + (STEP - BAR) / 2
        tall = TALL * float(unit.p)
        yield _bar("sent" if unit.planned else "not", x, BAR, tall)
        above = BASE - max(tall, TALL * even) - 6
        yield _text(x + BAR / 2, above, "mid", f"{unit.p:.1%}")
        yield _text(x + BAR / 2, BASE + 20, "mid soft", str(unit.unit))
    yield _foot(left, width)
    y = BASE - TALL * even
    yield f'<line class="even" x1="{left:.1f}" y1="{y:.1f}" x2="{left + width:.1f}" y2="{y:.1f}"/>'
    yield _text(left, BASE + 46, "pays", f"- - pays from {even:.1%} on:")
    yield _text(left, BASE + 63, "soft", "what it gains if bought, against what it loses if not")


def _decision(line: pd.Series, units: pd.DataFrame) -> Iterator[str]:
    """Yield the plan's line in words."""
    left, after = PANELS[2], units[units["planned"] == 0].iloc[0]
    unit = "unit" if line["quantity"] == 1 else "units"
    yield _arrow(left - 34)
    yield _text(left, 36, "head", "The plan")
    yield _text(left, 56, "soft", f"{line['origin']} to {line['destination']}")
    yield _text(left, 118, "big sent", f"ship {line['quantity']} {unit}")
    yield _text(left, 148, "", f"expected gain {line['expected_gain']:.2f}")
    yield _text(left, 168, "", f"freight {line['cost']:.2f}")
    yield _text(left, 202, "soft", f"and not unit {after['unit']}:")
    yield _text(left, 220, "soft", f"{after['binding']}")


def _arrow(x: float) -> str:
    y = BASE - TALL / 2
    return f'<path class="arrow" d="M{x:.0f} {y:.0f}h18m-7 -6l7 6l-7 6"/>'


def _bar(kind: str, x: float, width: float, tall: float) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{BASE - tall:.1f}" '
        f'width="{width:.1f}" height="{tall:.1f}"/>'
    )


def _foot(left: float, width: float) -> str:
    return f'<path class="line" d="M{left:.1f} {BASE:.1f}h{width:.1f}"/>'


def _text(x: float, y: float, kind: str, words: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


if __name__ == "__main__":
    main()
