"""Every figure leads to where it comes from."""

from __future__ import annotations

from foreship.workbench.web.figures import Source, figure_card, number

SOURCE = Source("2026-11-16-0123456789", "plan.parquet", "quantity", {"item": "<A>"})


def test_a_figure_is_a_link_to_its_rows() -> None:
    """The id is escaped once for the address and once for HTML."""
    shown = number("12", SOURCE)
    assert shown == (
        '<a class="figure-link" href="/run/2026-11-16-0123456789/from?file=plan.parquet&amp;'
        'column=quantity&amp;item=%3CA%3E">12</a>'
    )


def test_in_a_grid_arrows_lead_to_it() -> None:
    """The tab key goes past the grid."""
    assert 'tabindex="-1"' in number("12", SOURCE, in_grid=True)
    assert "tabindex" not in number("12", SOURCE)


def test_a_sum_leads_to_the_lines_it_sums() -> None:
    """By their address; what is shown is text."""
    card = figure_card("Units", "<12>", "/run/latest/lines?q=a", "in all")
    assert '<a class="figure-link" href="/run/latest/lines?q=a">&lt;12&gt;</a>' in card
    assert "Units" in card
    assert "in all" in card
