"""A model on disk: texts and one JSON with their hashes, checked before anything is parsed.

LightGBM can bring the interpreter down on a text that was cut or changed, so no byte of it is
handed over before length and hash agree with the JSON, and the JSON with its own. Whoever can
change a file can also compute its hash again: the folder therefore holds plain files with
known names and nothing else, and what they say is checked once more where it is used
(`foreship_forecast.heads.forest` for texts, `typed` for facts).
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from foreship_forecast.errors import ModelRefused

__all__ = ["read_bundle", "typed", "write_bundle"]

SCHEMA = 2
FACTS = "model.json"
LARGEST_FACTS = 50_000_000
"""bytes of JSON beyond which a bundle is not ours"""
LARGEST_TEXT = 2_000_000_000
"""bytes of a text beyond which LightGBM does not read its own"""
LARGEST_WHOLE = 2**63
TEXT_NAME = re.compile(r"[a-z]{1,20}\.txt", re.ASCII)

Kind = TypeVar("Kind")


def write_bundle(folder: Path, facts: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    """Write facts and texts into a folder, creating it if necessary."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, text in texts.items():
        data = text.encode()
        (folder / name).write_bytes(data)
        files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    body = {"schema": SCHEMA, "files": files, "facts": dict(facts)}
    (folder / FACTS).write_bytes(_written({"sha256": _digest(body), **body}))


def read_bundle(folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Return facts and texts of a bundle that is byte for byte what was written.

    Raises
    ------
    ModelRefused
        If a file is missing, added, a link, cut, changed, or of another schema.
    """
    facts_path = folder / FACTS
    data = _bytes(facts_path, LARGEST_FACTS)
    whole = _json(data, facts_path)
    body: dict[str, Any] = {key: whole.get(key) for key in ("schema", "files", "facts")}
    # two texts may be read as one number: the bytes must be those that are written for it
    as_written = data == _written(whole)
    if set(whole) != {"sha256", *body} or whole["sha256"] != _digest(body) or not as_written:
        raise ModelRefused(f"{facts_path} was changed after it was written; fit the model again")
    if body["schema"] != SCHEMA or type(body["schema"]) is not int:
        raise ModelRefused(
            f"{facts_path} has schema {body['schema']}; this version reads {SCHEMA}: fit again"
        )
    facts, files = body["facts"], body["files"]
    if not isinstance(facts, dict) or not isinstance(files, dict):
        raise ModelRefused(f"{facts_path} is not a model's description")
    for name in files:
        if not TEXT_NAME.fullmatch(name):
            raise ModelRefused(
                f"{facts_path} does not describe files of its own folder: {name[:60]!r}"
            )
    if added := {path.name for path in folder.iterdir()} - {FACTS, *files}:
        raise ModelRefused(f"{folder / min(added)} was added; the bundle is not what was written")
    return facts, {name: _text(folder / name, each) for name, each in files.items()}


def typed(kind: type[Kind], found: object) -> Kind:
    """Build a flat dataclass from JSON: exactly its fields, each of the right type.

    Raises
    ------
    ValueError
        Naming the first field that is missing, unknown or of another type; so does the
        dataclass itself for a value that breaks its invariants.
    """
    hints = get_type_hints(kind)
    if not isinstance(found, dict) or set(found) != set(hints):
        raise ValueError(f"{kind.__name__} should have the fields {', '.join(hints)}")
    return kind(**{key: _value(found[key], hint, key) for key, hint in hints.items()})


def _value(value: object, hint: Any, key: str) -> Any:
    if inner := get_args(hint):
        if type(None) in inner:
            return None if value is None else _value(value, inner[0], key)
        if not isinstance(value, list):
            raise ValueError(f"{key} should be a list")
        return tuple(_value(each, inner[0], key) for each in value)
    if isinstance(value, int) and abs(value) >= LARGEST_WHOLE:
        raise ValueError(f"{key} is too large a number")
    if hint is float and isinstance(value, (int, float)) and type(value) is not bool:
        value = float(value)
        if not math.isfinite(value):
            raise ValueError(f"{key} should be finite")
    if type(value) is not hint:
        raise ValueError(f"{key} should be {hint.__name__}, not {str(value)[:40]!r}")
    return value


def _text(path: Path, expected: object) -> str:
    if not isinstance(expected, dict) or set(expected) != {"bytes", "sha256"}:
        raise ModelRefused(f"{path.parent / FACTS} does not vouch for {path.name}")
    length = expected["bytes"]
    if type(length) is not int or not 0 <= length <= LARGEST_TEXT:
        raise ModelRefused(f"{path} cannot have {str(length)[:40]} bytes")
    data = _bytes(path, length, exact=True)
    if hashlib.sha256(data).hexdigest() != expected["sha256"]:
        raise ModelRefused(f"{path} is not the file that was written (its hash differs)")
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise ModelRefused(f"{path} is no booster's text: {error.reason}") from error


def _bytes(path: Path, length: int, *, exact: bool = False) -> bytes:
    """Read a plain file of at most `length` bytes, or of exactly so many."""
    if path.is_symlink() or not path.is_file():
        raise ModelRefused(f"{path} is missing or no plain file; the bundle is not whole")
    size = path.stat().st_size
    if size > length or (exact and size != length):
        raise ModelRefused(f"{path} has {size:,} bytes where {length:,} were written")
    with path.open("rb") as stream:
        return stream.read(length)


def _json(data: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(data.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ModelRefused(f"{path} is not the JSON that was written: {error}") from error
    if not isinstance(found, dict):
        raise ModelRefused(f"{path} is not a model's description")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _written(whole: Mapping[str, Any]) -> bytes:
    return json.dumps(whole, indent=1, sort_keys=True).encode()


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(
        json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
