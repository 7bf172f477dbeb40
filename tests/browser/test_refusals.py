"""What is refused is said where it was asked, and what was written stays."""

from __future__ import annotations

from typing import Any

from tests.browser.deciding import decide, opened
from tests.browser.serving import AT_WORK, Served, served


def test_a_refused_decision_leaves_its_form_as_it_was_filled_in(
    own_bench: Served, page_of: Any
) -> None:
    """A quantity that no stock has: the reason stands beside it, the comment is still there."""
    page = page_of(own_bench)
    page.watch.allow("status of 400")
    opened(page, own_bench.base, 0)
    decide(page, 0, "change", "a long comment", 999_999)
    page.wait_for_selector("#price-0 .failed >> text=asked for")
    assert page.input_value("#comment-0") == "a long comment"
    page.fill("#quantity-0", "1")
    page.click("#edit-0 button:has-text('Keep this')")
    page.wait_for_selector("#edit-0 >> text=change to 1")


def test_a_file_that_is_too_large_is_told_as_a_page(own_bench: Served, page_of: Any) -> None:
    """It is sent whole before it is answered: a browser that is cut off shows no answer."""
    settings = own_bench.folder / "foreship.toml"
    settings.write_text(settings.read_text() + "\n[serve]\nupload_mb = 1\n")
    page = page_of(own_bench)
    page.watch.allow("status of 413")
    page.goto(f"{own_bench.base}/run/latest/edits")
    page.click("text=Decisions from the workbook")
    large = {"name": "plan.csv", "mimeType": "text/csv", "buffer": b"x" * 40_000_000}
    page.set_input_files("#field-file", files=[large])
    page.click("button:has-text('Take over its decisions')")
    page.wait_for_selector("main >> text=larger than 1 MB")


def test_a_tab_of_a_server_that_ended_says_so_and_keeps_what_was_written(
    own_bench: Served, page_of: Any
) -> None:
    """While none runs, and once another one does; by its link the old tab is good again."""
    port = own_bench.base.rsplit(":", 1)[1]
    page = page_of(own_bench)
    page.watch.allow("ERR_CONNECTION|Failed to fetch|status of 403|[Hh]tmx")
    opened(page, own_bench.base, 0)
    page.fill("#comment-0", "for a day")
    own_bench.end()
    page.click("#edit-0 button:has-text('Keep this')")
    page.wait_for_selector("#said >> text=The workbench does not answer")
    with served(own_bench.folder, port=int(port), ends=(0, AT_WORK)) as again:
        page.click("#edit-0 button:has-text('Keep this')")
        page.wait_for_selector("#price-0 >> text=has not come by the start link")
        assert page.input_value("#comment-0") == "for a day"
        other = page.context.new_page()
        other.goto(again.link)
        other.wait_for_url(lambda url: "/start" not in url)
        page.select_option("#decision-0", "drop")
        page.click("#edit-0 button:has-text('Keep this')")
        page.wait_for_selector("#edit-0 >> text=for a day")
