"""The contract as text, JSON and Markdown, printed from the declarations the code uses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from foreship.config import SECTIONS
from foreship.exit_codes import EXIT_CODES
from foreship.forms import FORM_KEYS
from foreship.quality.checks import described
from foreship_foundation.bounds import range_in_words
from foreship_foundation.tables.derived import DERIVED
from foreship_foundation.tables.input_tables import INPUTS, Column, Table
from foreship_foundation.tables.output_files import DEMAND, OUTPUTS
from foreship_foundation.telling.words import capital

__all__ = [
    "quality_markdown",
    "schema_dict",
    "schema_text",
    "settings_markdown",
    "settings_of",
    "tables_markdown",
    "write_docs",
]

NONE = "absent"
NAME_WIDTH = 34


def schema_dict() -> dict[str, Any]:
    """Return tables, files, settings and exit codes as plain values."""
    return {
        "tables": [_table_dict(each) for each in INPUTS.values()],
        "demand": _table_dict(DEMAND),
        "files": [_table_dict(each) for each in OUTPUTS.values()],
        "settings": {section: list(settings_of(section)) for section in SECTIONS},
        "exit_codes": {str(code): words for code, words in EXIT_CODES.items()},
    }


def _table_dict(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "required": table.required,
        "meaning": table.meaning,
        "key": list(table.key),
        "columns": [_column_dict(each) for each in table.columns],
    }


def _column_dict(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "kind": column.kind,
        "unit": column.unit,
        "required": column.required,
        "default": column.blank(),
        "range": column.span(),
        "refers": list(column.refers),
        "meaning": column.meaning,
    }


def settings_of(section: str) -> Iterator[dict[str, Any]]:
    """Yield what is declared of each setting of a section, as plain values."""
    for each in fields(SECTIONS[section]):
        low, high = each.metadata.get("low"), each.metadata.get("high")
        yield {
            "name": each.name,
            "default": list(each.default) if isinstance(each.default, tuple) else each.default,
            "unit": each.metadata["unit"],
            "range": range_in_words(low, high),
            "meaning": each.metadata["meaning"],
            "source": each.metadata["source"],
        }


def schema_text() -> str:
    """Return the contract as text for a terminal."""
    lines = ["TABLES THAT COME IN  [optional, default]"]
    for table in [*INPUTS.values(), DEMAND]:
        lines += ["", *_text_of(table)]
    lines += ["", "FILES THAT GO OUT"]
    for table in OUTPUTS.values():
        lines += ["", *_text_of(table)]
    lines += ["", "SETTINGS OF foreship.toml"]
    for section in SECTIONS:
        lines += ["", f"[{section}]"]
        for each in settings_of(section):
            name = f"{each['name']} = {_toml(each['default'])}"
            words = f"{each['meaning']} ({_unit_and_range(each)}; {each['source']})"
            lines += _row(name, words)
    lines += ["", "EXIT CODES", ""]
    lines += [f"  {code:>3}  {words}" for code, words in EXIT_CODES.items()]
    return "\n".join(lines)


def _text_of(table: Table) -> list[str]:
    required = " (required)" if table.required else ""
    lines = [f"{table.name}{required}: {table.meaning}"]
    for each in table.columns:
        name = each.name if each.required else f"[{each.name}, {each.blank()}]"
        facts = ", ".join(fact for fact in (each.kind, each.unit, each.span()) if fact)
        lines += _row(name, f"{each.meaning} ({facts})")
    return lines


def _row(name: str, words: str) -> list[str]:
    """Return name and words on one line, or on two where the name is long."""
    if len(name) <= NAME_WIDTH:
        return [f"  {name:<{NAME_WIDTH}} {words}"]
    return [f"  {name}", f"  {'':<{NAME_WIDTH}} {words}"]


def _unit_and_range(setting: dict[str, Any]) -> str:
    return ", ".join(part for part in (setting["unit"], setting["range"]) if part)


def _toml(value: Any) -> str:
    if value is None:
        return NONE
    if isinstance(value, list):
        return "[" + ", ".join(f'"{each}"' for each in value) + "]"
    return f"{value:g}" if isinstance(value, float) and math.isfinite(value) else str(value)


def tables_markdown() -> str:
    """Return `docs/tables.md`."""
    lines = [
        "# Tables",
        "",
        "Written by `python -m foreship.workspace.schema docs` from the tables and files",
        "that `foundation/foreship_foundation` declares; a test keeps page and code the same.",
        "",
        "A table is Parquet, CSV or Excel, one file or a folder of files, as other programs write",
        "them ([Files people have](formats.md)). Ids are text and stay as written.",
        "A blank in an optional column means its default; a blank in a",
        "required one is a fault. Money is in one currency, weights in kg, volumes in the unit of",
        "the capacities.",
        "",
        "## Tables that come in",
    ]
    for table in [*INPUTS.values(), DEMAND]:
        lines += _markdown_of(table)
    lines += ["", "## Files that go out"]
    for table in OUTPUTS.values():
        lines += _markdown_of(table)
    lines += [
        "",
        "## Derived, in memory only",
        "",
        "No file holds these: they are made of the tables above and handed to a room. Who brings",
        "frames straight to a room in Python may bring them too.",
    ]
    for table in DERIVED.values():
        lines += _markdown_of(table)
    return "\n".join(lines) + "\n"


def _markdown_of(table: Table) -> list[str]:
    required = " (required)" if table.required else ""
    key = f" One row for each {', '.join(f'`{name}`' for name in table.key)}." if table.key else ""
    rows = (
        (f"`{c.name}`", c.kind, c.unit, c.blank(), c.span() or ", ".join(c.refers), c.meaning)
        for c in table.columns
    )
    head = ("column", "kind", "unit", "if blank", "range or table", "meaning")
    title = f"### {table.name}{required}"
    return ["", title, "", f"{capital(table.meaning)}.{key}", "", *_grid(head, rows)]


def _grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return lines + [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]


def settings_markdown() -> str:
    """Return `docs/settings.md`."""
    lines = [
        "# Settings",
        "",
        "Written by `python -m foreship.workspace.schema docs` from the params classes; a test",
        "keeps page and code the same. Every setting may be left out of `foreship.toml`.",
    ]
    head = ("setting", "default", "unit", "range", "meaning", "source of the default")
    for section, kind in SECTIONS.items():
        rows = (
            (
                f"`{each['name']}`",
                f"`{_toml(each['default'])}`" if each["default"] is not None else NONE,
                each["unit"],
                each["range"],
                each["meaning"],
                each["source"],
            )
            for each in settings_of(section)
        )
        about = (kind.__doc__ or "").splitlines()[0]
        lines += ["", f"## [{section}]", "", about, "", *_grid(head, rows)]
    lines += [
        "",
        "## [tables], [columns], [assumptions]",
        "",
        '`[tables]` says where each table lies: `orders = "orders.parquet"`, a packed',
        "`orders.csv.gz`, a folder of files, `postgresql://user@host/db#orders`,",
        "`shop.duckdb#orders`, `s3://bucket/orders.parquet` (`gs://`, `abfss://`), or a query",
        "or a choice of Parquet rows:",
        '`orders = {from = "sales", where = [["year", ">=", 2024]]}`. Passwords, keys and',
        "tokens are never among the settings: they come from the environment",
        "(docs/how-to/doors.md).",
        '`[columns]` holds your own names, `orders.item = "SKU"`, and how files are written',
        "where that is not certain:",
        f"{', '.join(f'`{each}`' for each in FORM_KEYS)}, as in",
        '`orders.date_format = "%d/%m/%Y"`. `[assumptions]` is free text, kept in the manifest and',
        "said with each run.",
    ]
    return "\n".join(lines) + "\n"


def quality_markdown() -> str:
    """Return `docs/quality.md`."""
    lines = [
        "# Data quality",
        "",
        "Written by `python -m foreship.workspace.schema docs` from the checks of",
        "`foreship/quality`; a test keeps page and code the same.",
        "",
        "Tables may be sound, each value in its range, and still say what nobody meant. `foreship",
        "check` doubts what is listed here, with the first rows and their values; `--json` names",
        "the check. A doubt is a warning: it stops nothing, it stands among the notes of every",
        "forecast, plan and run made from these tables, and a planner judges it. What is certainly",
        "wrong is a fault, and no doubt. Orders on or after the Monday of the plan are not looked",
        "at. Each check asks for more than chance explains, so that clean tables of any shape are",
        "seldom doubted; a shop of a few dozen lines may be too small to be.",
        "",
        *_grid(("check", "what it looks for"), ((f"`{name}`", said) for name, said in described())),
    ]
    return "\n".join(lines) + "\n"


def write_docs(folder: Path) -> None:
    """Write `tables.md`, `settings.md` and `quality.md` into the documentation's folder."""
    (folder / "quality.md").write_text(quality_markdown(), "utf-8")
    (folder / "tables.md").write_text(tables_markdown(), "utf-8")
    (folder / "settings.md").write_text(settings_markdown(), "utf-8")


if __name__ == "__main__":
    import sys

    write_docs(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
