"""Fields have labels, faults are read out with them, and forms work without a script."""

from __future__ import annotations

from foreship.workbench.web import forms


def test_a_field_has_its_label_its_help_and_its_fault() -> None:
    """Tied together for a screen reader."""
    shown = forms.field("units", "Units", 12, kind="number", fault="too many", help="whole", min=0)
    assert '<label for="field-units">Units</label>' in shown
    assert 'type="number" value="12" id="field-units" name="units"' in shown
    assert 'aria-describedby="field-units-help field-units-fault" aria-invalid="true"' in shown
    assert '<span id="field-units-fault" class="fault">too many</span>' in shown
    assert 'min="0"' in shown


def test_without_a_fault_nothing_points_to_one() -> None:
    """A value is text, whatever it holds."""
    shown = forms.field("why", "Why", '"><script>', kind="textarea", id="mine")
    assert "aria-" not in shown
    assert '<textarea id="mine" name="why">&quot;&gt;&lt;script&gt;</textarea>' in shown


def test_a_file_has_no_value() -> None:
    """Browsers let nobody choose it for a person."""
    assert "value" not in forms.field("sent", "File", "x", kind="file")


def test_of_a_list_one_is_chosen() -> None:
    """By its value."""
    shown = forms.select("what", "What", [forms.Choice("a", "An A"), forms.Choice("b", "B")], "b")
    assert '<option value="a">An A</option><option value="b" selected="">B</option>' in shown


def test_a_form_is_sent_with_or_without_a_script() -> None:
    """The same address for both; the script puts the answer where it belongs."""
    swap = forms.Swap("#row", trigger="change", include="#all")
    shown = forms.form("/run/latest/edits", forms.button("Keep"), swap=swap, upload=True)
    assert 'action="/run/latest/edits" method="post" enctype="multipart/form-data"' in shown
    assert 'hx-post="/run/latest/edits" hx-target="#row" hx-swap="outerHTML"' in shown
    assert 'hx-trigger="change" hx-include="#all" hx-encoding="multipart/form-data"' in shown
    assert "hx-" not in forms.form("/name")


def test_values_travel_unseen_under_their_names() -> None:
    """Names that Python keeps for itself end with `_`."""
    shown = forms.hidden(line=3, from_="<x>")
    assert '<input type="hidden" name="line" value="3">' in shown
    assert '<input type="hidden" name="from" value="&lt;x&gt;">' in shown
