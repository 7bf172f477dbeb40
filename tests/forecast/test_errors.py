"""Errors of the forecast room: one family, whose lists survive a worker."""

from __future__ import annotations

import pickle

from foreship_forecast import errors
from foreship_forecast.errors import ForecastError, TableFault


def test_every_error_is_of_the_family() -> None:
    """Whoever catches the parent catches all of them."""
    kinds = [getattr(errors, name) for name in errors.__all__]
    assert len(kinds) == 5
    assert all(issubclass(each, ForecastError) for each in kinds)


def test_faults_are_a_line_each_and_survive_a_worker() -> None:
    """Sent from another process: the same list, the same text."""
    sent = pickle.loads(pickle.dumps(TableFault(["one", "two"])))
    assert (sent.faults, str(sent)) == (["one", "two"], "one\ntwo")
