"""A model on disk: texts and one JSON that vouches for them, checked before anything is parsed.

LightGBM can bring the interpreter down on a text that was cut or changed, so no byte of it is
handed over before length and hash agree with the JSON, and the JSON with its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forecast.errors import ModelRefused

__all__ = ["read_bundle", "write_bundle"]

SCHEMA = 1
FACTS = "model.json"
LARGEST_FACTS = 50_000_000
"""bytes of JSON beyond which a bundle is not ours"""


def write_bundle(folder: Path, facts: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    """Write facts and texts into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, text in texts.items():
        data = text.encode()
        (folder / name).write_bytes(data)
        files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    body = {"schema": SCHEMA, "files": files, "facts": dict(facts)}
    whole = {"sha256": _digest(body), **body}
    (folder / FACTS).write_text(json.dumps(whole, indent=1, sort_keys=True), "utf-8")


def read_bundle(folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Return facts and texts of a bundle that is byte for byte what was written.

    Raises
    ------
    ModelRefused
        If a file is missing, cut, changed, or of another schema.
    """
    facts_path = folder / FACTS
    whole = _json(_bytes(facts_path, LARGEST_FACTS, exact=False), facts_path)
    body: dict[str, Any] = {key: whole.get(key) for key in ("schema", "files", "facts")}
    if whole.get("sha256") != _digest(body):
        raise ModelRefused(f"{facts_path} was changed after it was written; fit the model again")
    if body["schema"] != SCHEMA:
        raise ModelRefused(
            f"{facts_path} has schema {body['schema']}; this version reads {SCHEMA}: fit again"
        )
    files, facts = body["files"], body["facts"]
    described = isinstance(facts, dict) and isinstance(files, dict)
    if not (described and all(_own(*each) for each in files.items())):
        raise ModelRefused(f"{facts_path} does not describe files of its own folder")
    return facts, {name: _text(folder / name, each) for name, each in files.items()}


def _own(name: str, said: object) -> bool:
    """Tell whether a listed file lies in the bundle's own folder and says its length and hash."""
    if Path(name).name != name or not isinstance(said, dict):
        return False
    return isinstance(said.get("bytes"), int) and isinstance(said.get("sha256"), str)


def _text(path: Path, expected: Mapping[str, Any]) -> str:
    data = _bytes(path, int(expected["bytes"]), exact=True)
    if hashlib.sha256(data).hexdigest() != expected["sha256"]:
        raise ModelRefused(f"{path} is not the file that was written (its hash differs)")
    return data.decode()


def _bytes(path: Path, length: int, *, exact: bool) -> bytes:
    if not path.is_file():
        raise ModelRefused(f"{path} is missing; the bundle is not whole")
    size = path.stat().st_size
    if size > length or (exact and size != length):
        raise ModelRefused(f"{path} has {size:,} bytes where {length:,} were written")
    return path.read_bytes()


def _json(data: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelRefused(f"{path} is not the JSON that was written: {error}") from error
    if not isinstance(found, dict):
        raise ModelRefused(f"{path} is not a model's description")
    return found


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(
        json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
