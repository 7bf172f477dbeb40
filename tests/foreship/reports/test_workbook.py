"""The workbook: read back as written, no formula in it, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from foreship.reading.views import RunView
from foreship.reading.words.terms import term_words
from foreship.reports import workbook
from foreship.reports.workbook import figures_sheets, plan_sheet
from foreship.reports.workbook.decisions import DECISIONS
from foreship.reports.workbook.picking_sheets import picks_of, sheet_names
from foreship.reports.workbook.sheets import FORMATS, fields_of
from foreship_foundation.tables.output_files import DEPARTURES, FACTS, NEEDS, PLAN, UNITS
from tests.foreship.later_views import later_view
from tests.foreship.order_views import FIGURES, order_view
from tests.foreship.run_views import empty_view, make_view, renamed

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "{=1}"]
TOLD = [
    "decide on exit", "held by", "margin of safety", "decision", "new quantity", "comment",
]  # fmt: skip
LOOKALIKES = ["00123", "1e5", "NA", "TRUE", "2026-11-16", "http://example.org", "  spaced "]


@pytest.fixture(scope="module")
def view() -> RunView:
    """Make a run of 60 items in 12 regions."""
    return make_view()


def written(view: RunView) -> bytes:
    """Write a run's workbook into memory."""
    stream = io.BytesIO()
    workbook.write(stream, view)
    return stream.getvalue()


def sheet(data: bytes, name: str) -> pd.DataFrame:
    """Read one sheet back, its first row the heading."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()
    return pd.DataFrame(rows[1:], columns=[str(each) for each in rows[0]])


def test_the_plan_sheet_is_the_plan(view: RunView) -> None:
    """Every line comes back in order: ids as text, numbers and dates exact."""
    lines, back = view.lines, sheet(written(view), "Plan")
    assert list(back.columns) == ["line", *PLAN.names, *TOLD]
    assert back["line"].tolist() == list(range(len(lines)))
    assert (back[TOLD[-3:]] == "").all(axis=None)
    for name in ("action", "origin", "destination", "item", "exit"):
        assert back[name].tolist() == lines[name].tolist()
    for name in ("quantity", "cost", "expected_gain", "purchase_probability", "break_even"):
        np.testing.assert_allclose(back[name].astype(float), lines[name], rtol=1e-14)
    for name in ("ship_date", "arrival_date"):
        assert back[name].tolist() == lines[name].dt.date.tolist()


def test_the_plan_sheet_numbers_lanes_where_the_plan_does(view: RunView) -> None:
    """Which lane a line is on stands beside what the plan says of it, only where it says it."""
    numbered = view.lines.assign(lane=np.arange(len(view.lines)) % 3)
    back = sheet(written(replace(view, lines=numbered)), "Plan")
    assert list(back.columns) == ["line", *PLAN.names, "lane", *TOLD]
    assert sorted(back["lane"].astype(int)) == sorted(numbered["lane"])


def test_the_day_to_decide_on_an_exit_is_the_first_plan_after_the_window() -> None:
    """Plans each Monday: at once until Sunday, Thursday until Thursday, a week until the next."""
    view = make_view(items=2)
    monday = view.as_of
    lead = [pd.Timedelta(days=days) for days in (0, 3, 7)]
    lines = view.lines.iloc[:4].copy()
    lines["action"] = ["ship", "redirect", "ship", "give_away"]
    lines["arrival_date"] = [monday + each for each in (*lead, lead[0])]
    settings = {"plan": {"review_weeks": 1}}
    days = replace(view, lines=lines, assumptions=settings).exit_days()
    assert [(each - monday).days for each in days[:3]] == [7, 14, 14]
    assert pd.isna(days.iloc[3])
    assert replace(view, lines=lines, assumptions={}).exit_days().isna().all()


def test_the_units_sheet_is_the_ledger(view: RunView) -> None:
    """The ledger comes back whole where it fits."""
    back = sheet(written(view), "Units")
    assert list(back.columns) == list(UNITS.names)
    assert back["item"].tolist() == view.units["item"].tolist()
    np.testing.assert_allclose(back["loss"].astype(float), view.units["loss"], rtol=1e-14)


@pytest.mark.parametrize("name", FORMULAS + LOOKALIKES)
def test_text_stays_text(name: str) -> None:
    """An id is never a formula, a number, a date or a link."""
    view = renamed(make_view(items=2), name, name)
    data = written(replace(view, notes=[name]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [each for each in archive.namelist() if "worksheets/sheet" in each]
        for each in sheets:
            text = archive.read(each).decode()
            assert "<f>" not in text and "<f " not in text and "hyperlink" not in text
    plan = sheet(data, "Plan")
    shown = set(plan["item"]) | set(plan["origin"])
    assert {_as_excel(name)} & {_as_excel(str(each)) for each in shown}
    assert all(isinstance(each, str) for each in plan["item"])


def _as_excel(text: str) -> str:
    """Excel reads line ends in a cell alike, however a writer escapes them."""
    return re.sub(r"_x000D_|\r", "", text)


def test_the_matrix_sums_to_what_is_sent(view: RunView) -> None:
    """Items down, regions across: every total is the plan's."""
    grid = sheet(written(view), "Matrix").set_index("item \\ region")
    arrivals = view.arrivals()
    assert grid.loc["all shown", "all shown"] == arrivals.sum()
    for (region, item), quantity in arrivals.items():
        assert grid.loc[item, region] == quantity
    by_region = arrivals.groupby(level=0).sum()
    assert grid.loc["all shown", by_region.index].tolist() == by_region.tolist()


def test_a_cut_matrix_and_ledger_say_what_is_left_out(
    view: RunView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the size of a sheet the busiest are shown and the rest is counted in Summary."""
    monkeypatch.setattr(figures_sheets, "MATRIX", (5, 3))
    monkeypatch.setattr(figures_sheets, "MOST_UNITS", 100)
    monkeypatch.setattr(plan_sheet, "MOST_ROWS", 50)
    data = written(view)
    grid, units, plan = (sheet(data, name) for name in ("Matrix", "Units", "Plan"))
    said = " ".join(sheet(data, "Summary").iloc[:, 0].astype(str))
    assert len(units) == 100 and len(plan) == 50
    assert f"100 of {len(view.units):,} units" in said
    assert f"50 of {len(view.lines):,} lines" in said
    busiest = view.arrivals().groupby(level=1).sum().nlargest(5).index
    assert set(grid.iloc[:5, 0]) == set(busiest)
    assert f"of {view.arrivals().sum():,} units" in said


def test_a_cut_ledger_keeps_cells_that_get_units() -> None:
    """Where not every unit fits, cells that this plan sends to come first."""
    view = make_view()
    mixed = pd.concat(
        [view.units[view.units["planned"] == 0], view.units[view.units["planned"] == 1]]
    )
    units = pd.concat([mixed] * (figures_sheets.MOST_UNITS // len(mixed) + 1), ignore_index=True)
    shown, cut = figures_sheets.ledger(replace(view, units=units))
    sent = set(map(tuple, units.loc[units["planned"] == 1, ["region", "item"]].to_numpy()))
    touched = [tuple(row) in sent for row in shown[["region", "item"]].to_numpy()]
    assert len(shown) == figures_sheets.MOST_UNITS and cut
    assert touched == sorted(touched, reverse=True)


def test_the_summary_holds_the_key_figures_and_every_note(view: RunView) -> None:
    """What decides is on the first sheet: status, money, risk, notes."""
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(written(view))).get_sheet_by_index(0).to_python()
    )
    pairs = {row[0]: row[1] for row in rows if row[1] != ""}
    assert pairs["status"] == "ship"
    assert pairs["expected gain"] == pytest.approx(-view.summary["objective"])
    assert pairs["mean loss of the worst outcomes"] == 611.5
    assert not any("_" in str(name) for name in pairs)
    assert pairs["units"] == view.lines["quantity"].sum()
    assert set(view.notes) <= {row[0] for row in rows}


def test_terms_on_the_summary_sum_to_the_gain(view: RunView) -> None:
    """The money by term adds up to the cent."""
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(written(view))).get_sheet_by_index(0).to_python()
    )
    pairs = {row[0]: row[1] for row in rows if row[1] != ""}
    terms = [float(pairs[term_words(name)]) for name in view.summary["totals"]]
    assert round(sum(terms), 2) == round(-view.summary["objective"], 2)


def test_the_summary_holds_the_figures_by_order() -> None:
    """As numbers, with the sentence on trust; where money is by the unit there are none."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(written(order_view()))).get_sheet_by_name(
        "Summary"
    )
    cells = {str(row[0]): row[1:] for row in rows.to_python() if row}
    assert cells["orders seen"][0] == FIGURES["orders_seen"]
    assert cells["whole there with this plan"][0] == FIGURES["whole"]
    assert cells["no plan could exceed in a week"][0] == FIGURES["bound"]
    assert any("does not trust each of them" in name for name in cells)
    plain = sheet(written(make_view()), "Summary").to_string()
    assert "orders" not in plain


def test_limits_are_said_with_their_worth(view: RunView) -> None:
    """A row a scarce limit, in numbers and in words."""
    back = sheet(written(view), "Limits")
    assert back["worth of one more"].tolist() == [12.4, -0.75]
    assert back["in words"].iloc[0].endswith("storage of Lyon is worth 12.40")


def test_the_hidden_sheet_names_the_run(view: RunView) -> None:
    """A stale or foreign workbook can be told by its run id and schema version."""
    data = written(view)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    hidden = {each.name for each in book.sheets_metadata if "hidden" in str(each.visible).lower()}
    assert hidden == {"_meta"}
    facts = {row[0]: row[1] for row in book.get_sheet_by_name("_meta").to_python()}
    assert facts["run_id"] == view.run_id
    assert facts["schema_version"] == workbook.SCHEMA_VERSION
    assert facts["as_of"] == "2026-11-16"


def test_the_same_run_gives_the_same_bytes(view: RunView) -> None:
    """No clock in the file: the creation date is the plan's."""
    data = written(view)
    assert data == written(make_view())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "2026-11-16T00:00:00Z" in archive.read("docProps/core.xml").decode()


def test_an_empty_plan_has_a_workbook() -> None:
    """Nothing to move: headings, no rows, and a matrix that says so."""
    data = written(empty_view())
    assert len(sheet(data, "Plan")) == 0
    assert sheet(data, "Matrix").columns[0] == "nothing is sent"


@pytest.mark.sweep
def test_it_writes_to_a_path(tmp_path, view: RunView) -> None:
    """A path is as good as a stream."""
    path = tmp_path / "plan.xlsx"
    workbook.write(path, view)
    assert path.read_bytes() == written(view)


def test_departures_and_needs_have_sheets_where_they_are_known() -> None:
    """Both come back whole; the plan stands in the order in which its lines leave."""
    view = later_view()
    data = written(view)
    for name, table, frame in (
        ("Departures", DEPARTURES, view.departures), ("Needs", NEEDS, view.needs),
    ):  # fmt: skip
        back = sheet(data, name)
        assert list(back.columns) == list(table.names)
        assert frame is not None and len(back) == len(frame)
    days = sheet(data, "Plan")["ship_date"].tolist()
    assert days == sorted(days) and len(set(days)) == 2


def test_without_them_there_are_no_such_sheets(view: RunView) -> None:
    """A run that knows of neither has the sheets it always had."""
    names = CalamineWorkbook.from_filelike(io.BytesIO(written(view))).sheet_names
    picks = ["Pick 1 Avignon", "Pick 2 Le Havre", "Pick 3 Metz"]
    assert names == ["Summary", "Plan", *picks, "Matrix", "Units", "Limits", "_meta"]


def test_each_hub_has_a_picking_sheet_of_cases_and_single_units() -> None:
    """By departure and destination with totals: 17 in cases of 6 are two cases and five units."""
    view = make_view(items=4)
    items = view.table("items").assign(pack_size=6, volume=0.5, weight_kg=2.0)
    ships = view.lines[view.lines["action"] == "ship"].iloc[:2]
    ships = ships.assign(origin="Metz", destination="Lyon", quantity=[17, 6])
    there = replace(view, lines=ships, tables={**view.tables, "items": items})
    back = sheet(written(there), "Pick 1 Metz")
    assert back["units"].tolist() == [17, 6, 23]
    assert back["cases"].tolist() == [2, 1, 3]
    assert back["single units"].tolist() == [5, 0, 5]
    assert back["volume"].tolist() == [8.5, 3.0, 11.5]
    assert back["kg"].tolist() == [34.0, 12.0, 46.0]
    assert back["name"].tolist() == ["", "", "total"]
    unknown = picks_of(replace(there, tables={}))
    assert unknown["volume"].isna().all() and unknown["singles"].tolist() == [17, 6]


def test_picking_sheets_have_names_that_excel_takes() -> None:
    """Short enough, without forbidden letters, different whatever the case of hubs' names."""
    hubs = ["a/b", "A/B", "x" * 40, "x" * 41, "it's"]
    names = list(sheet_names(hubs))
    assert names[:2] == ["Pick 1 a_b", "Pick 2 A_B"]
    assert len({each.casefold() for each in names}) == len(hubs)
    assert all(len(each) <= 31 and not set(each) & set("[]:*?/'") for each in names)


def test_the_plan_is_asked_for_in_words_and_whole_units_and_fits_on_paper(view: RunView) -> None:
    """Excel offers the decisions; the page is landscape, one wide, its heading on each."""
    with zipfile.ZipFile(io.BytesIO(written(view))) as archive:
        plan = archive.read("xl/worksheets/sheet2.xml").decode()
        names = archive.read("xl/workbook.xml").decode()
    assert f"&quot;{','.join(DECISIONS)}&quot;" in plan or f'"{",".join(DECISIONS)}"' in plan
    assert 'type="whole"' in plan and 'orientation="landscape"' in plan
    assert 'fitToHeight="0"' in plan and 'hidden="1"' in plan
    assert "_xlnm.Print_Titles" in names and "Plan!$1:$1" in names


def test_every_sheet_fits_on_paper_and_every_number_in_its_column() -> None:
    """Each sheet people see is one page wide; a number of four digits and two more has room."""
    with zipfile.ZipFile(io.BytesIO(written(later_view()))) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        sheets = [archive.read(name).decode() for name in names]
    fits = [each for each in sheets if 'orientation="landscape"' in each and "fitToHeight" in each]
    assert len(fits) == len(sheets) - 1
    numbers = [field for field in fields_of(NEEDS) if field.form != "text"]
    assert numbers and min(field.width for field in numbers) >= len("1,234.56")


def test_chances_are_shown_per_cent_and_measures_are_not() -> None:
    """The cell holds .235 and reads 23.5 %; a volume of .235 stays one."""
    forms = {field.key: field.form for table in (PLAN, UNITS, FACTS) for field in fields_of(table)}
    assert {forms[each] for each in ("purchase_probability", "break_even", "p")} == {"share"}
    assert (forms["sold_out_chance"], forms["volume"], forms["kg"]) == (
        "share", "measure", "measure",
    )  # fmt: skip
    assert FORMATS["share"]["num_format"].endswith("%")


def test_the_plan_sheet_folds_what_paper_has_no_room_for(view: RunView) -> None:
    """Folded columns keep their cells: a click shows them; those for decisions are never folded."""
    with zipfile.ZipFile(io.BytesIO(written(view))) as archive:
        plan = archive.read("xl/worksheets/sheet2.xml").decode()
    columns = re.findall(r"<col ([^>]*)/>", plan)
    folded = [each for each in columns if "outlineLevel" in each]
    assert folded and all('hidden="1"' in each for each in folded)
    titles = sheet(written(view), "Plan").columns
    assert plan_sheet.FOLDED & set(titles) == {"purchase_probability", "break_even"}
    last = re.findall(r'max="(\d+)"', columns[-1])
    assert int(last[0]) == len(titles) and "outlineLevel" not in columns[-1]
