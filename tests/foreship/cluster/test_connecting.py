"""Which clusters a job may work on."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any

import pytest

from foreship.cluster import connected, connecting, refuse_no_address
from foreship.cluster.connecting import refuse_other_code
from foreship.errors import DoorMissing, StoreUnreachable, UsageError

needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "local",
        "local:",
        "local:two",
        "local:-1",
        "http://here:8786",
        "tcp://here",
        "here:8786",
        "tcp://here:0",
        "tcp://here:65536",
        "tcp://a b:8786",
        4,
        b"local:2",
    ],
)
def test_what_is_no_address_is_refused(address: Any) -> None:
    """With the addresses there are; as it is opened, and before anybody has work for it."""
    words = r"tcp://host:8786.*local:4"
    with pytest.raises(UsageError, match=words), connected(address, 1.0):
        pass
    with pytest.raises(UsageError, match=words):
        refuse_no_address(address)


@pytest.mark.parametrize("address", [None, "local:1", "local:64", "tcp://h:1", "tls://[::1]:8786"])
def test_addresses_are_not_asked_before_there_is_work(address: str | None) -> None:
    """None is an address too: this machine."""
    refuse_no_address(address)


@pytest.mark.parametrize("workers", [0, 65])
def test_workers_of_this_machine_are_counted(workers: int) -> None:
    """At least one, and not hundreds."""
    with pytest.raises(UsageError, match="1 to 64 workers"), connected(f"local:{workers}", 1.0):
        pass


def test_dask_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DoorMissing, match=r"foreship\[cluster\]"), connected("local:2", 1.0):
        pass


@needs_dask
@pytest.mark.filterwarnings("ignore::")
def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 8: another try may find it."""
    monkeypatch.setattr(connecting, "PATIENCE", "200ms")
    with (
        pytest.raises(StoreUnreachable, match=r"answers at tcp://127\.0\.0\.1:9"),
        connected("tcp://127.0.0.1:9", 1.0),
    ):
        pass


@needs_dask
@pytest.mark.filterwarnings("ignore::")
def test_a_cluster_without_workers_is_refused() -> None:
    """Instead of waiting for ever for some to come."""
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as empty,
        pytest.raises(UsageError, match="no workers yet"),
        connected(empty.scheduler_address, 1.0),
    ):
        pass


def test_other_code_on_a_worker_is_told_with_what_differs() -> None:
    """Every version that differs or is missing; the same code is accepted."""
    ours = {"python": "3.11", "source": "abc", "numpy": "2"}
    refuse_other_code({**ours, "more": "x"}, ours, "the worker at w")
    with pytest.raises(
        UsageError,
        match="worker at w has source xyz instead of abc and numpy unknown instead of 2",
    ):
        refuse_other_code({"python": "3.11", "source": "xyz"}, ours, "the worker at w")
