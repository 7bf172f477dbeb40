"""A PostgreSQL server of one's own: started in a folder of /tmp, stopped when it is done with."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.needed import missing

__all__ = ["Postgres", "postgres_server"]

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    folder: Path
    port: int
    password: str
    programs: Path

    @property
    def address(self) -> str:
        """The address of its database, without the password."""
        return f"postgresql://planner@127.0.0.1:{self.port}/postgres"

    def ask(self, *statements: str) -> None:
        """Run statements as the owner."""
        import adbc_driver_postgresql.dbapi as adbc

        uri = self.address.replace("planner@", f"planner:{self.password}@")
        with adbc.connect(uri) as connection, connection.cursor() as cursor:
            for each in statements:
                cursor.execute(each)
            connection.commit()

    def fill(self, table: str, rows: Any) -> None:
        """Write an Arrow table as a new table."""
        import adbc_driver_postgresql.dbapi as adbc

        uri = self.address.replace("planner@", f"planner:{self.password}@")
        with adbc.connect(uri) as connection, connection.cursor() as cursor:
            cursor.adbc_ingest(table, rows, mode="create")
            connection.commit()

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; `immediate` cuts every connection."""
        stop = [str(self.programs / "pg_ctl"), "-D", str(self.folder / "data"), "-m", mode, "-w"]
        subprocess.run([*_as_owner(), *stop, "stop"], check=False, capture_output=True)


@contextlib.contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start a server that asks for a password; skip the test where there is none to start."""
    programs = next((each for each in INSTALLED if (each / "initdb").exists()), None)
    if programs is None:
        missing("PostgreSQL's initdb")
    if importlib.util.find_spec("adbc_driver_postgresql") is None:
        missing("adbc_driver_postgresql")
    assert programs is not None
    # the server refuses root and must enter every folder above its own: pytest's are closed
    folder = Path(tempfile.mkdtemp(prefix="foreship-pg-", dir="/tmp"))
    password, port = secrets.token_hex(12), _free_port()
    (folder / "password").write_text(password)
    if os.geteuid() == 0:
        for each in (folder, folder / "password"):
            shutil.chown(each, "postgres", "postgres")
    server = Postgres(folder, port, password, programs)
    try:
        _run(programs / "initdb", "-D", folder / "data", "-U", "planner", "-A", "scram-sha-256",
             "--pwfile", folder / "password", "--no-sync", "-E", "UTF8", "--locale=C")  # fmt: skip
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} "
            "-c fsync=off -c max_connections=10"
        )
        _run(programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options,
             "start")  # fmt: skip
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: object) -> None:
    # its output must not be a pipe: the server that pg_ctl leaves behind would hold it open
    with tempfile.TemporaryFile() as said:
        words = [*_as_owner(), *map(str, command)]
        done = subprocess.run(words, stdout=said, stderr=said, check=False)
        said.seek(0)
        assert done.returncode == 0, said.read().decode()


def _as_owner() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
