"""The weekly job with its tables in a database and a store, and its runs in a store."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

import foreship
from foreship.own_files import MANIFEST
from tests.foreship.ingest.doors.shop_tables import NAMES, arrow_tables, put_tables, write_config
from tests.foreship.tiny_shop import FIVE
from tests.servers.postgres import postgres_server
from tests.servers.store import BUCKET, SECRET, store_server

pytest.importorskip("adbc_driver_postgresql")


@pytest.mark.sweep
def test_a_week_from_doors_is_the_week_from_files(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The same files to the byte, on every machine; no password or key in anything written."""
    caplog.set_level(logging.DEBUG)
    files = write_config(tmp_path / "files", **put_tables(tmp_path / "files", arrow_tables()))
    plain = foreship.run(foreship.open(files))
    with postgres_server() as server, store_server():
        monkeypatch.setenv("PGPASSWORD", server.password)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        for name in NAMES[:3]:
            server.fill(name, arrow_tables()[name])
        places = {name: f'"{server.address}#{name}"' for name in NAMES[:3]}
        put = put_tables(f"s3://{BUCKET}/tables", {n: arrow_tables()[n] for n in NAMES[3:]})
        doors = write_config(tmp_path / "doors", **places, **put)
        plans = f"s3://{BUCKET}/plans"
        run = foreship.run(foreship.open(doors, out=plans))
        assert not (doors / "runs").exists()
        assert not (doors / ".foreship").exists()
        again = foreship.run(foreship.open(doors, out=plans))
        assert again.reused
        assert again.path == run.path
        foreship.approve(run, by="Anna")
        foreship.release(run, by="Anna")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other machine"))
        there = foreship.released(plans)
        assert there.path == foreship.latest(plans).path
        assert there.path != run.path
        for name in (*FIVE, "forecast.parquet"):
            assert (there.path / name).read_bytes() == (plain.path / name).read_bytes(), name
        told = json.loads((there.path / MANIFEST).read_text("utf-8"))
        assert told["inputs"][0]["path"] == f"{server.address}#orders"
        said = capfd.readouterr()
        spoken = f"{said.out}{said.err}{caplog.text}"
        written = [each for each in tmp_path.rglob("*") if each.is_file()]
        assert len(written) > 20
        for secret in (server.password, SECRET):
            assert secret not in spoken
            assert not [each for each in written if secret.encode() in each.read_bytes()]
