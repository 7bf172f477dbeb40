"""The marks of the languages that browsers ask for, as these browsers write numbers and days.

Words stay English; a true minus sign is written everywhere. A test asks the browser itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from foreship_foundation.telling.marks import ENGLISH, Marks

__all__ = ["LANGUAGES", "marks_of"]

HELD, NARROW = "\u00a0", "\u202f"
"""blanks at which no line ends, wide and narrow"""
DAY_FIRST, DOTTED, YEAR_FIRST = "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d"
SPACED: Final = "%d. %m. %Y"
MOST_TAGS: Final = 20
"""that are looked at; browsers send a few"""


def _comma(date: str, **more: tuple[int, ...]) -> Marks:
    return Marks(",", ".", date=date, **more)  # type: ignore[arg-type]


def _point(date: str, least: int = 1) -> Marks:
    return Marks(".", ",", date=date, least=least)


def _blank(date: str, least: int = 1, blank: str = HELD) -> Marks:
    return Marks(blank, ",", date=date, least=least)


LANGUAGES: Final = MappingProxyType(
    {
        "en": ENGLISH,
        "en-us": _comma("%m/%d/%Y"),
        "en-gb": _comma(DAY_FIRST),
        "en-au": _comma(DAY_FIRST),
        "en-ie": _comma(DAY_FIRST),
        "en-in": _comma(DAY_FIRST, sizes=(3, 2)),
        "hi": _comma(DAY_FIRST, sizes=(3, 2)),
        "th": _comma(DAY_FIRST),
        "es-mx": _comma(DAY_FIRST),
        "ja": _comma(YEAR_FIRST),
        "zh": _comma(YEAR_FIRST),
        "ko": _comma("%Y. %m. %d."),
        "de": _point(DOTTED),
        "ro": _point(DOTTED),
        "tr": _point(DOTTED),
        "da": _point(DOTTED),
        "sr": _point("%d.%m.%Y."),
        "hr": _point("%d. %m. %Y."),
        "sl": _point(SPACED, 2),
        "nl": _point("%d-%m-%Y"),
        "nl-be": _point(DAY_FIRST),
        "pt": _point(DAY_FIRST),
        "el": _point(DAY_FIRST),
        "id": _point(DAY_FIRST),
        "vi": _point(DAY_FIRST),
        "es-ar": _point(DAY_FIRST),
        "es": _point(DAY_FIRST, 2),
        "it": _point(DAY_FIRST, 2),
        "de-at": _blank(DOTTED),
        "ru": _blank(DOTTED),
        "uk": _blank(DOTTED),
        "nb": _blank(DOTTED),
        "fi": _blank(DOTTED),
        "cs": _blank(SPACED),
        "sk": _blank(SPACED),
        "sv": _blank("%Y-%m-%d"),
        "lt": _blank("%Y-%m-%d"),
        "fr-ca": _blank("%Y-%m-%d"),
        "en-za": _blank(YEAR_FIRST),
        "pl": _blank(DOTTED, 2),
        "et": _blank(DOTTED, 2),
        "lv": _blank(DOTTED, 2),
        "hu": _blank("%Y. %m. %d.", 2),
        "pt-pt": _blank(DAY_FIRST, 2),
        "fr": _blank(DAY_FIRST, blank=NARROW),
        "fr-ch": _blank(DOTTED, blank=NARROW),
        "de-ch": Marks("'", ".", date=DOTTED),
        "it-ch": Marks("'", ".", date=DOTTED, least=2),
    }
)
"""tag in small letters -> its marks"""


def marks_of(accepted: str) -> Marks:
    """Return the marks of the first language that a browser wants and we know, else English ones.

    Parameters
    ----------
    accepted
        The header `Accept-Language`, as `de-CH, de;q=0.9, en;q=0.8`.
    """
    for tag in _wanted(accepted):
        for known in (tag, tag.split("-")[0]):
            if known in LANGUAGES:
                return LANGUAGES[known]
    return ENGLISH


def _wanted(accepted: str) -> Iterator[str]:
    """Yield tags, most wanted first; of equally wanted ones in the order written."""
    weighed: list[tuple[float, int, str]] = []
    for each in accepted.split(",")[:MOST_TAGS]:
        tag, _, weight = each.strip().lower().partition(";")
        wanted = _weight(weight)
        if tag and wanted > 0:
            weighed.append((-wanted, len(weighed), tag.strip()))
    return (tag for _, _, tag in sorted(weighed))


def _weight(text: str) -> float:
    """Return how much a tag is wanted: 1 where nothing is said, 0 where it is no number."""
    if not text:
        return 1.0
    try:
        weight = float(text.strip().removeprefix("q="))
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
