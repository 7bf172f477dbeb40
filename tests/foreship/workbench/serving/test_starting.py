"""The server takes a port it may take, has a folder of its own, and leaves nothing behind."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from foreship.errors import UsageError
from foreship.workbench.bench import Bench
from foreship.workbench.serving import starting
from foreship.workbench.serving.starting import listener, opened_bench


def test_without_a_wish_any_free_port_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual one first; where that is taken another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(starting, "FIRST_PORT", port)
        with listener("127.0.0.1", 0) as found:
            assert found.getsockname()[1] not in (0, port)
    with listener("127.0.0.1", 0) as found:
        assert found.getsockname()[1] == port


def test_a_port_that_was_named_and_is_taken_is_told() -> None:
    """No other one is taken in its place."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1 port {port}"):
            listener("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", ""])
def test_a_host_that_is_not_ours_is_told(host: str) -> None:
    """An address of another machine, and what is no address."""
    with pytest.raises(UsageError, match=r"cannot listen|no address"):
        listener(host, 0)


def opened(folder: Path, host: str = "127.0.0.1") -> tuple[Bench, int]:
    """Return a bench that was opened and shut again, and the mode that its own folder had."""
    with opened_bench(folder, folder, host, 8620) as bench:
        return bench, stat.S_IMODE(bench.scratch.stat().st_mode)


def test_its_own_folder_is_its_users_alone_and_goes_with_it(bench: Bench) -> None:
    """What was uploaded does not stay."""
    found, mode = opened(bench.folder)
    assert mode == 0o700
    assert not found.own_folder.exists()


@pytest.mark.parametrize(
    ("host", "link"),
    [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"),
     ("box", "box")],
)  # fmt: skip
def test_the_link_is_one_that_a_browser_can_follow(bench: Bench, host: str, link: str) -> None:
    """All addresses of a machine are none; the newer kind stands in brackets."""
    found, _ = opened(bench.folder, host)
    assert found.door.link.startswith(f"http://{link}:8620/start?token=")


def test_what_settings_ask_for_is_there_before_it_starts(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A proxy's header without its secret, and a folder that is no workspace."""
    (bench.folder / "foreship.toml").write_text('[serve]\nuser_header = "X-User"\n')
    monkeypatch.delenv("FORESHIP_SERVE_TOKEN", raising=False)
    with pytest.raises(UsageError, match="FORESHIP_SERVE_TOKEN"):
        opened(bench.folder)
    monkeypatch.setenv("FORESHIP_SERVE_TOKEN", "s" * 32)
    assert opened(bench.folder)[0].door.names.proxy_secret == "s" * 32
    with pytest.raises(UsageError):
        opened(tmp_path)
