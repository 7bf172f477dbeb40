"""Draw the picture of the planner's week, `docs/assets/week.svg`: its steps and their commands.

python docs/making/week.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

__all__ = ["draw", "main"]

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "assets" / "week.svg"
STEPS = (
    ("Tables", "init, check"),
    ("Plan", "run"),
    ("Look, ask", "report, explain"),
    ("Try", "plan --set"),
    ("Approve", "approve --edits"),
    ("Release", "release"),
)
WIDE, HIGH, GAP, EDGE = 124, 64, 22, 12  # a box, the way to the next, the margin [px]
STYLE = """
svg { --card: #ffffff; --edge: #d0d7de; --ink: #1d2730; --soft: #57626c;
  font: 13px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
@media (prefers-color-scheme: dark) {
  svg { --card: #151b22; --edge: #3a434d; --ink: #e6edf3; --soft: #a3afba; }
}
text { fill: var(--ink); text-anchor: middle; }
.step { font-weight: 650; font-size: 15px; }
.soft { fill: var(--soft); }
.card { fill: var(--card); stroke: var(--edge); }
.way { stroke: var(--soft); stroke-width: 2; fill: none; }
"""


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(draw(), "utf-8")


def draw() -> str:
    """Return the picture as SVG: a box a step, and the way back to the next Monday."""
    width = 2 * EDGE + len(STEPS) * WIDE + (len(STEPS) - 1) * GAP
    height = 2 * EDGE + HIGH + 44
    parts = [*_steps(), *_back(width)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    return "\n".join([head, f"<style>{STYLE}</style>", *parts, "</svg>", ""])


def _steps() -> Iterator[str]:
    for place, (name, command) in enumerate(STEPS):
        left, middle = EDGE + place * (WIDE + GAP), EDGE + HIGH / 2
        yield (f'<rect class="card" x="{left}" y="{EDGE}" width="{WIDE}" height="{HIGH}" rx="8"/>')
        center = left + WIDE / 2
        yield f'<text class="step" x="{center:g}" y="{middle - 4:g}">{escape(name)}</text>'
        yield f'<text class="soft" x="{center:g}" y="{middle + 16:g}">{escape(command)}</text>'
        if place:
            yield (f'<path class="way" d="M{left - GAP + 4} {middle:g}h{GAP - 9}m-5 -4l5 4l-5 4"/>')


def _back(width: int) -> Iterator[str]:
    """Lead from the last step back to the first, a week later."""
    low, first, last = EDGE + HIGH, EDGE + WIDE / 2, width - EDGE - WIDE / 2
    yield f'<path class="way" d="M{last:g} {low + 4}v20H{first:g}v-18m-4 5l4 -5l4 5"/>'
    yield (
        f'<text class="soft" x="{width / 2:g}" y="{low + 42}">next Monday: what lies, what came, '
        "what was sold</text>"
    )


if __name__ == "__main__":
    main()
