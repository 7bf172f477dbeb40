"""Headers of every answer: what a page may load and run, and who may look into it."""

from __future__ import annotations

__all__ = ["ALWAYS", "FOREVER", "POLICY", "SANDBOX"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""what pages may do: nothing written into a page is run, nothing is loaded from elsewhere"""
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""what a file of a run may do that is shown as a page: look like itself"""
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # with no-referrer browsers send forms with `Origin: null`, which the door refuses
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "HX-Request, Accept-Language, Cookie",
}
FOREVER = "public, max-age=31536000, immutable"
"""`Cache-Control` of what is named by its hash"""
