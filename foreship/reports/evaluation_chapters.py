"""The chapters of the evaluation's page, one function each, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from foreship.reports.markup import Column, Content, Markup, chapter, element, join, table
from foreship.reports.pictures.diagrams import Bin, gain_bar, pit_bars, reliability_diagram
from foreship_forecast.counts.scores import LEVELS, THRESHOLDS
from foreship_forecast.evaluation.rolling import FLOOR_NAMES, MODEL, Evaluation
from foreship_foundation.telling.words import percent, plural, units

__all__ = ["by_class", "every_score", "floors", "foot", "models", "pit", "reliability"]

MOST_REGIONS = 40
WIDEST = 0.5
"""end of the widest scale of gains; what lies beyond a scale is drawn at its edge"""
NAMES = {MODEL: MODEL} | FLOOR_NAMES
KINDS = {
    "horizon": ("By horizon", "Weeks ahead"),
    "volume": ("By volume of the last 13 weeks", "Units"),
    "region": ("By region", "Region"),
}
GRADES = {
    "both": "trust it",
    "chance": "whether only",
    "count": "how many only",
    "none": "not shown",
    "worse": "plain is better",
    "unknown": "too few sales",
}


def _soft(*words: Content) -> Markup:
    return element("p", *words, class_="soft")


def _figure(value: float, digits: int = 4) -> str:
    return "\u2013" if not np.isfinite(value) else f"{value:,.{digits}f}"


def _gain(share: float) -> str:
    """Write a gain as a signed percentage; beyond ten times the loss only that."""
    if not np.isfinite(share):
        return "\u2013"
    if share < -10:
        return "below \u22121,000 %"
    sign = "\u2212" if round(share, 3) < 0 else "+" if round(share, 3) > 0 else ""
    return f"{sign}{percent(abs(share), 1)}"


def _span(low: float, high: float) -> str:
    if not np.isfinite([low, high]).all():
        return "\u2013"
    return f"{_gain(low).removesuffix(' %')} to {_gain(high)}"


def floors(result: Evaluation) -> Content:
    """Show the gain over every floor, in whether something sells and in how many."""
    table_of = result.gains[result.gains["by"] == "all"]
    scores = result.frame[result.frame["by"] == "all"].set_index("method")
    reach = _reach(table_of[["low", "high"]])
    rows = [["foreship", *_blank(scores, "log_loss"), *_blank(scores, "rps")]]
    order = scores.drop(index=MODEL)["log_loss"].sort_values(kind="stable").index
    figures = table_of.set_index(["floor", "metric"])
    for floor in order:
        pair = [
            _against(scores.loc[floor, metric], figures.loc[(floor, metric)], reach)
            for metric in ("log_loss", "rps")
        ]
        rows.append([element("span", FLOOR_NAMES[floor], class_="whole"), *pair[0], *pair[1]])
    head = (
        Column("Method"),
        *_gain_columns("Log-loss", "of P(at least one unit): whether something sells"),
        *_gain_columns("RPS", "ranked probability score: how many"),
    )
    words = (
        "Lower is better. Gain is the share by which foreship lies below that floor; its 95 % "
        f"interval comes from {plural(result.weeks, 'target week')} as wholes and allows for weeks "
        f"that are like their neighbours, the scale is {percent(reach)} either way. A floor needs "
        "no learning: a forecast that does not beat the best of them adds nothing."
    )
    return chapter("Beside the floors", _soft(words), table(head, rows))


def _gain_columns(name: str, about: str) -> tuple[Column, ...]:
    return (
        Column(name, number=True, help=about),
        Column("Gain", number=True),
        Column("95 % interval", number=True),
        Column(""),
    )


def _blank(scores: pd.DataFrame, metric: str) -> list[Content]:
    return [element("strong", _figure(float(scores[metric][MODEL]))), "", "", ""]


def _against(score: float, line: pd.Series, reach: float) -> list[Content]:
    low, high, gain = line["low"], line["high"], line["gain"]
    drawn = gain_bar(gain, low, high, reach, f"{_gain(gain)}, {_span(low, high)}")
    return [_figure(score), _gain(gain), _span(low, high), drawn]


def _reach(intervals: pd.DataFrame) -> float:
    """Return how far the scale must go to show four of five interval ends, to a round 5 %."""
    ends = np.abs(intervals.to_numpy(dtype=float))
    ends = ends[np.isfinite(ends)]
    most = float(np.quantile(ends, 0.8)) if len(ends) else 0.0
    return min(max(float(np.ceil(20 * most)) / 20, 0.05), WIDEST)


def every_score(result: Evaluation) -> Content:
    """Show every score of every method over all rows."""
    scores = result.frame[result.frame["by"] == "all"].set_index("method")
    columns = {
        "brier": ("Brier", 4),
        "log_score": ("Log score", 3),
        **{f"pinball_{100 * each:.0f}": (f"Pinball .{100 * each:.0f}", 4) for each in LEVELS},
        **{f"ece_{k}": (f"ECE p{k}", 4) for k in THRESHOLDS},
        "pit_deviation": ("PIT dev.", 3),
    }
    shares = {"coverage_50": "50 %", "coverage_80": "80 %", "coverage_95": "95 %"}
    rows = []
    for method, line in scores.iterrows():
        plain = [_figure(line[name], digits) for name, (_, digits) in columns.items()]
        covered = [percent(line[name], 1) for name in shares]
        name = element("span", NAMES[str(method)], class_="whole")
        rows.append([name, *plain, *covered, _gain(line["bias"])])
    head = (
        Column("Method"),
        *(Column(title, number=True) for title, _ in columns.values()),
        *(Column(f"In {title}", number=True) for title in shares.values()),
        Column("Bias", number=True, help="total predicted over total ordered, less 1"),
    )
    words = (
        "Pinball losses stand at the fractiles gain / (gain + loss) of a decision: .5 for a unit "
        "that loses unsold what it earns sold, .95 for one that earns nineteen times its loss. "
        "ECE is how far a probability lies from what came, over tenths. In 80 %: the share of "
        "outcomes inside the central 80 % interval; counts are whole, so slow cells can only "
        "come near it."
    )
    return chapter("Every score", _soft(words), table(head, rows))


def reliability(result: Evaluation) -> Content:
    """Show whether probabilities mean what they say, for one, two and five units."""
    floor = result.floor
    drawn = []
    for k in THRESHOLDS:
        name = f"at least {plural(k, 'unit')}"
        ours, theirs = (_bins(result.reliability, each, k) for each in (MODEL, floor))
        picture = reliability_diagram(ours, theirs, f"Reliability of P({name})")
        caption = element("figcaption", f"P({name}), {plural(sum(b.rows for b in ours), 'row')}")
        drawn.append(element("figure", picture, caption))
    words = (
        "Across: the probability said. Up: how often it came true. On the dashed line both agree. "
        "Each dot is a tenth of the probabilities; a grey bar is where it would lie in 95 of 100 "
        "cases if the forecast were right and rows independent (rows of one week are not, so a "
        "true forecast leaves its bars more often); a red ring marks a dot outside. Hollow "
        f"squares: the best floor, the {FLOOR_NAMES[floor]}. Columns below: rows, on a log scale."
    )
    return chapter("Reliability", _soft(words), element("div", *drawn, class_="trio"))


def _bins(curves: pd.DataFrame, method: str, k: int) -> list[Bin]:
    mine = curves[(curves["method"] == method) & (curves["k"] == k)]
    names = ["rows", "said", "came", "low", "high"]
    return [Bin(int(rows), *rest) for rows, *rest in mine[names].to_numpy().tolist()]


def pit(result: Evaluation) -> Content:
    """Show where the outcomes fell in their distributions."""
    mine = result.pit[result.pit["method"] == MODEL]
    band = float(mine["low"].iloc[0]), float(mine["high"].iloc[0])
    picture = pit_bars(mine["share"].tolist(), band, "PIT histogram of the whole distribution")
    caption = element("figcaption", "Share of outcomes by tenth of their own distribution.")
    words = (
        "A true forecast gives flat bars, up to the grey stripe. Low in the middle and high at the "
        "ends: too sure of itself. High in the middle: too unsure. Sloping down: it predicts too "
        "much; sloping up: too little. A count's place among equal outcomes is drawn at random, "
        "with a fixed seed."
    )
    figure = element("figure", picture, caption)
    return chapter("The whole distribution", element("div", figure, _soft(words), class_="pair"))


def by_class(result: Evaluation) -> Content:
    """Show each horizon, volume class and region beside the best floor of its own."""
    words = (
        "The gain over the best floor of each class, in whether something sells (log-loss of "
        "P(at least one unit)) and in how many (RPS). Intervals are wide enough that all of them "
        "hold together in 95 of 100 cases; a class is trusted where its whole interval lies right "
        "of the tick, with a gain of 1 % or more. A bar that ends at the edge goes on beyond it; "
        "none is drawn from a single week."
    )
    return join([chapter("Where to trust it", _soft(words)), *_class_tables(result)])


def _class_tables(result: Evaluation) -> Iterator[Markup]:
    ours = result.frame[result.frame["method"] == MODEL].set_index(["by", "value"])
    for by, (title, first) in KINDS.items():
        trust = result.trust[result.trust["by"] == by]
        shown = trust if by != "region" else trust.nlargest(MOST_REGIONS, "sales", keep="first")
        reach = _reach(shown[["log_loss_low", "log_loss_high", "rps_low", "rps_high"]])
        rows = [
            _class_row(line, ours.loc[(by, line["value"])], reach)
            for line in shown.to_dict("records")
        ]
        left = len(trust) - len(shown)
        cut = f"The {plural(len(shown), 'region')} with most sales; {left:,} more are in --json."
        yield element(
            "section",
            element("h3", title),
            table(_class_head(first), rows),
            _soft(cut) if left else "",
        )


def _class_head(first: str) -> tuple[Column, ...]:
    whether, how_many = "log-loss of P(at least one unit)", "ranked probability score"
    return (
        Column(first),
        Column("Verdict"),
        Column("Sales", number=True, help="cells and weeks with a sale"),
        Column("Whether", number=True, help=f"gain in {whether}"),
        Column("Interval"),
        Column("How many", number=True, help=f"gain in {how_many}"),
        Column("Interval"),
        Column("Best floor", help="the one with the lowest loss, in whether and in how many"),
        Column("ECE p1", number=True),
        Column("In 80 %", number=True),
        Column("Bias", number=True),
    )


def _class_row(line: Mapping[Any, Any], scores: pd.Series, reach: float) -> Sequence[Content]:
    gains: list[Content] = []
    best = dict.fromkeys(FLOOR_NAMES[line[f"{metric}_floor"]] for metric in ("log_loss", "rps"))
    for metric in ("log_loss", "rps"):
        gain, low, high = (line[f"{metric}_{name}"] for name in ("gain", "low", "high"))
        bar = gain_bar(gain, low, high, reach, f"{_gain(gain)} ({_span(low, high)})")
        gains += [_gain(gain), bar]
    return [
        _name(line["value"], line["by"]),
        element("span", GRADES[line["grade"]], class_=f"whole grade {line['grade']}"),
        units(line["sales"]),
        *gains,
        "; ".join(best),
        _figure(scores["ece_1"], 3),
        percent(scores["coverage_80"]),
        _gain(scores["bias"]),
    ]


def _name(value: str, by: str) -> Content:
    """Keep our own class names on one line; a region's may be long."""
    return value if by == "region" else element("span", value, class_="whole")


def models(result: Evaluation) -> Content:
    """Show what the judged models were made of, and which corrections were not worth applying."""
    rows = [
        [
            element("span", each.as_of, class_="whole"),
            percent(each.boosters),
            element("span", f"{each.first_week} to {each.last_week}", class_="whole"),
            units(each.calibrated_rows),
            ", ".join(each.kept) or "none",
            " ".join(note for note in each.notes if note not in result.notes),
        ]
        for each in result.fits
    ]
    head = (
        Column("Fitted as of"),
        Column("Boosters believed", number=True),
        Column("Weeks held out"),
        Column("Rows", number=True),
        Column("Corrections kept"),
        Column("What it said"),
    )
    words = (
        "Each model is calibrated on weeks that its first fit never saw. A correction that does "
        "not help on the later half of them is not applied. Boosters and plain rates are weighed "
        "by what they said of these weeks: shown is the mean weight of the boosters."
    )
    return chapter("The models judged", _soft(words), table(head, rows))


def foot(settings: Mapping[str, object], versions: Mapping[str, str]) -> Content:
    """Show the settings and the versions behind the figures."""
    rows = [[element("code", name), str(value)] for name, value in settings.items()]
    said = ", ".join(f"{name} {version}" for name, version in versions.items())
    return element("footer", element("p", said), table((Column("Setting"), Column("Value")), rows))
