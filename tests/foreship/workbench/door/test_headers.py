"""What a page may do is said with every answer."""

from __future__ import annotations

from foreship.workbench.door.headers import ALWAYS, POLICY, SANDBOX


def test_pages_load_only_from_us_and_run_nothing_that_is_written_into_them() -> None:
    """No inline script or style, no frame, no form to elsewhere."""
    rules = dict(each.split(" ", 1) for each in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in POLICY
    assert ALWAYS["Content-Security-Policy"] == POLICY
    assert ALWAYS["Cache-Control"] == "no-store"


def test_other_sites_are_not_told_where_somebody_comes_from() -> None:
    """Ours are: a browser that may not tell it at all sends forms without their origin."""
    assert ALWAYS["Referrer-Policy"] == "same-origin"


def test_a_file_of_a_run_may_look_like_itself_and_do_nothing() -> None:
    """No script, and no origin of its own by which it could ask us for anything."""
    assert SANDBOX.startswith("sandbox;")
    assert "allow-" not in SANDBOX
    assert "script-src" not in SANDBOX
    assert "default-src 'none'" in SANDBOX
