"""Rules that every sentence of the product keeps, and the sentences that its source can say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from foreship_foundation.telling import words

__all__ = ["COUNTS", "OF_TEMPLATES", "faults_of_sentence", "faults_of_words", "said_by"]

NOUNS = (
    "block|buyer|case|cause|cell|character|column|customer|day|departure|fault|hub|item|lane|limit|"
    "line|lock|name|note|number|order|outcome|pack|parcel|path|period|plan|policy|region|round|row|"
    "run|scenario|setting|tree|unit|value|vehicle|warning|week"
)
MANY = "|".join(f"{noun[:-1]}ies" if noun.endswith("y") and noun != "day" else f"{noun}s"
                for noun in NOUNS.split("|"))  # fmt: skip
QUOTED = re.compile(r"'[^']*'|`[^`]*`|\"[^\"]*\"")
"""what others wrote, and names of commands: not our words"""
RULES = {
    "one of many": re.compile(rf"(?<![\w.,:/-])1 (?:more )?(?:{MANY})\b"),
    "many of one": re.compile(
        rf"(?<![\w.,:/-])(?!1 )\d+(?:,\d{{3}})* (?:more )?(?:{NOUNS})"
        r"(?= |[.,;:)]|$)(?! line| \d|, )"
    ),
    "and upon and": re.compile(r"\b[\w-]+ and [\w-]+ and [\w-]+"),
    "a plural in brackets": re.compile(r"\(s\)"),
    "two spaces": re.compile(r"\S {2,}\S"),
    "a space before a mark": re.compile(r"\w [,;:!?](?=\s|$)"),
    "two marks": re.compile(r"[,;:] ?[,;:.](?![.\d])|\w\.\.$"),
    "a word of Python": re.compile(
        r"\b(?:nan|NaN|NaT|None|True|False|inf|dtype|Timestamp|ndarray)\b|<class|np\."
        r"|\[['\d]|\{['\d]|\(\)|\['"
    ),
    "minus nought": re.compile(r"(?<![\w.])[-\u2212]0(?:\.0+)?(?![\d.]|-)"),
    "too many digits": re.compile(r"\d\.\d{9,}"),
    "an exponent": re.compile(r"\d[eE][+-]\d"),
    "a bare percent": re.compile(r"\d%"),
    "an hour of midnight": re.compile(r"00:00:00"),
}
LABEL = re.compile(r"^(?:error|fault|warning|note): ")
OF_TEMPLATES = tuple(set(RULES) - {"two spaces", "a word of Python", "too many digits"})
"""rules that hold for what is not filled in yet, and for tables"""
COUNTS = (0, 1, 2, 1_234_567)
"""numbers with which a template is read"""


def faults_of_words(text: str, rules: Iterable[str] = RULES) -> list[str]:
    """Return which rules of words a text breaks, whether it is a sentence or a part of one."""
    ours = QUOTED.sub("'..'", text)
    return [
        f"{name}: {found.group()!r} in {text!r}"
        for name in rules
        if (found := RULES[name].search(ours))
    ]


def faults_of_sentence(text: str) -> list[str]:
    """Return which rules a whole sentence breaks, with its beginning and its end."""
    said = LABEL.sub("", text)
    faults = faults_of_words(said)
    if words.sentence(said) != said:
        faults.append(f"no capital or no full stop: {text!r}")
    return faults


def said_by(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of every template of a module, read with each of `COUNTS`."""
    tree = ast.parse(path.read_text("utf-8"))
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
             for part in ast.walk(node) if part is not node}  # fmt: skip
    inner |= {id(node.orelse) for node in ast.walk(tree)
              if isinstance(node, ast.IfExp) and _asks_for_one(node)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in inner:
            for count in COUNTS:
                text = "".join(_part(each, count) for each in node.values)
                if " " in text.strip():
                    yield node.lineno, text


def _part(part: ast.expr, count: int) -> str:
    """Read a constant as it is, a helper of ours as it would say the count, all else as it."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    named = isinstance(part.value, ast.Name) and part.value.id.isupper()
    said = isinstance(part.value, ast.Call) and _is_helper(part.value)
    if part.format_spec is None or named or said:
        return _value(part.value, count)
    form = "".join(str(each.value) for each in _constants(part.format_spec))
    try:
        return f" {count:{form}} " if re.search("[<>]", form) else f"{count:{form}}"
    except ValueError:  # the form of a day
        return str(count)


def _constants(form: ast.expr) -> list[ast.Constant]:
    return [each for each in ast.walk(form) if isinstance(each, ast.Constant)]


def _is_helper(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in dir(words)


def _value(value: ast.expr, count: int) -> str:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        name, given = value.func.id, [_text(each) for each in value.args[1:]]
        if name == "plural":
            return words.plural(count, *given)
        if name == "fixed":
            return words.fixed(count, *map(_digits, value.args[1:]))
        if name in ("percent", "money", "units", "number", "listed", "number_in_words"):
            return {"percent": "5 %", "listed": "a and b"}.get(name, "7.50")
    if isinstance(value, ast.IfExp):  # what is said of one, and of others
        is_one = _asks_for_one(value)
        branch = value.body if is_one and count == 1 else value.orelse if is_one else value.body
        return _text(branch)
    if isinstance(value, ast.Name) and value.id.isupper():
        return "99"
    return str(count)


def _digits(value: ast.expr) -> int:
    return int(value.value) if isinstance(value, ast.Constant) else 1


def _asks_for_one(value: ast.IfExp) -> bool:
    return ast.unparse(value.test).endswith("== 1")


def _text(value: ast.expr) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else "name"
