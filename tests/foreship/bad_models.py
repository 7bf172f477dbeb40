"""Run folders whose model was mutated: by accident, or by someone who computed the hashes again.

`mutants(n)` are n ways to spoil a run's model, seeded. `depth` says which hashes were computed
anew after the change: none, the run's manifest, or the bundle's own as well.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np

TEXTS = ("chance.txt", "later.txt", "units.txt", "scale.txt")
Change = Callable[[Path, np.random.Generator], None]


@dataclass(frozen=True)
class Mutant:
    """One way to spoil the model of a run."""

    name: str
    depth: str
    """none, manifest or all: which hashes were computed again"""
    change: Change
    sure: bool
    """False where luck may have left a sound model, forged but harmless"""
    seed: int

    def spoil(self, run: Path) -> None:
        """Change the model in a copy of a run."""
        self.change(run / "model", np.random.default_rng(self.seed))
        if self.depth == "all":
            rehash_bundle(run / "model")
        if self.depth != "none":
            rehash_manifest(run)


def rehash_bundle(model: Path) -> None:
    """Vouch for the texts as they are now, and for the JSON."""
    path = model / "model.json"
    if path.is_file() and path.stat().st_size > 10**9:
        return
    try:
        whole = json.loads(path.read_bytes())
        files = whole["files"]
        for name in TEXTS:
            if name in files and (model / name).is_file() and isinstance(files[name], dict):
                data = (model / name).read_bytes()
                files[name] |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        write_facts(path, whole)
    except (ValueError, TypeError, KeyError, RecursionError, OSError):
        return  # there is nothing to vouch with


def write_facts(path: Path, whole: dict[str, Any]) -> None:
    """Write a bundle's JSON under its right hash."""
    body = {key: whole[key] for key in ("schema", "files", "facts")}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    whole["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(json.dumps(whole, indent=1, sort_keys=True))


def rehash_manifest(run: Path) -> None:
    """List the run's files as they are now."""
    path = run / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"] = {
        str(each.relative_to(run)): {
            "bytes": each.stat().st_size,
            "sha256": hashlib.sha256(each.read_bytes()).hexdigest(),
        }
        for each in sorted(run.rglob("*"))
        if each.is_file() and each != path and each.stat().st_size < 10**9
    }
    path.write_text(json.dumps(manifest))


def mutants(number: int) -> list[Mutant]:
    """Return the first `number` mutants: every fixed one, then seeded ones without end."""
    fixed = [*_fixed()]
    drawn = islice(_drawn(), max(0, number - len(fixed)))
    # the fixed ones are spread, so that a short list holds some of every kind
    if number < len(fixed):
        fixed = [fixed[at] for at in np.linspace(0, len(fixed) - 1, number).astype(int)]
    return [*fixed, *drawn]


def _fixed() -> Iterator[Mutant]:
    for name, change in FACTS.items():
        yield Mutant(name, "manifest", change, True, 0)  # each computes the bundle's own hash
    for name, change in TREES.items():
        yield Mutant(name, "all", change, True, 0)
    for name, change in {**RAW_JSON, **FOLDER}.items():
        for depth in ("none", "manifest", "all"):
            yield Mutant(name, depth, change, True, 0)
    for at in range(12):
        for text in (*TEXTS, "model.json"):
            depth = ("none", "manifest", "all")[at % 3]
            yield Mutant(f"{text} cut at {at}/12", depth, _cut(text, at / 12), True, 0)


def _drawn() -> Iterator[Mutant]:
    changes = {
        "a bit flipped": _flip,
        "a byte replaced": _byte,
        "a piece removed": _remove,
        "a piece repeated": _repeat,
        "a line removed": _lines(lambda lines, at: lines[:at] + lines[at + 1 :]),
        "a line repeated": _lines(lambda lines, at: lines[:at] + lines[at : at + 1] + lines[at:]),
        "two lines swapped": _lines(
            lambda lines, at: [*lines[: at - 1], lines[at], lines[at - 1], *lines[at + 1 :]]
        ),
        "an index changed": _index,
        "cut anywhere": _cut_anywhere,
    }
    for seed in count():
        name = list(changes)[seed % len(changes)]
        depth = ("all", "none", "all", "manifest")[seed // len(changes) % 4]
        text = TEXTS[seed // (4 * len(changes)) % len(TEXTS)]
        sure = depth != "all" or name == "cut anywhere"
        yield Mutant(f"{text}: {name}", depth, _on(text, changes[name]), sure, seed)


def _on(name: str, change: Callable[[bytes, np.random.Generator], bytes]) -> Change:
    def changed(model: Path, draw: np.random.Generator) -> None:
        path = model / name
        before = path.read_bytes()
        after = before
        while after == before:
            after = change(before, draw)
        path.write_bytes(after)

    return changed


def _cut(name: str, share: float) -> Change:
    return _on(name, lambda data, draw: data[: int(share * len(data))])


def _cut_anywhere(data: bytes, draw: np.random.Generator) -> bytes:
    return data[: draw.integers(len(data))]


def _flip(data: bytes, draw: np.random.Generator) -> bytes:
    at = draw.integers(len(data))
    return data[:at] + bytes([data[at] ^ (1 << draw.integers(8))]) + data[at + 1 :]


def _byte(data: bytes, draw: np.random.Generator) -> bytes:
    at = draw.integers(len(data))
    return data[:at] + bytes([draw.integers(256)]) + data[at + 1 :]


def _remove(data: bytes, draw: np.random.Generator) -> bytes:
    at, length = draw.integers(len(data)), draw.integers(1, 40)
    return data[:at] + data[at + length :]


def _repeat(data: bytes, draw: np.random.Generator) -> bytes:
    at, length = draw.integers(len(data)), draw.integers(1, 40)
    return data[: at + length] + data[at : at + length] + data[at + length :]


def _lines(change: Callable[[list[bytes], int], list[bytes]]) -> Any:
    def changed(data: bytes, draw: np.random.Generator) -> bytes:
        lines = data.split(b"\n")
        return b"\n".join(change(lines, int(draw.integers(1, len(lines)))))

    return changed


def _index(data: bytes, draw: np.random.Generator) -> bytes:
    """Change one number of a list that LightGBM walks by."""
    lines = data.split(b"\n")
    walked = (b"split_feature=", b"left_child=", b"right_child=", b"num_leaves=", b"tree_sizes=")
    at = draw.choice([n for n, line in enumerate(lines) if line.startswith(walked)])
    key, _, values = lines[at].partition(b"=")
    numbers = values.split(b" ")
    numbers[draw.integers(len(numbers))] = str(draw.integers(-400, 400)).encode()
    lines[at] = key + b"=" + b" ".join(numbers)
    return b"\n".join(lines)


def _sub(text: str, old: bytes, new: bytes) -> Change:
    return _on(text, lambda data, draw: data.replace(old, new, 1))


def _line_of(key: bytes, new: bytes) -> Change:
    """Replace the first `key=...` line of every text."""

    def changed(data: bytes, draw: np.random.Generator) -> bytes:
        lines = data.split(b"\n")
        at = next(n for n, line in enumerate(lines) if line.startswith(key + b"="))
        return b"\n".join([*lines[:at], key + b"=" + new, *lines[at + 1 :]])

    def each(model: Path, draw: np.random.Generator) -> None:
        for text in TEXTS:
            _on(text, changed)(model, draw)

    return each


TREES: dict[str, Change] = {
    "a forest of no trees": _line_of(b"tree_sizes", b""),
    "a size beyond the text": _line_of(b"tree_sizes", b"999999999999"),
    "a size beyond 64 bits": _line_of(b"tree_sizes", b"9" * 40),
    "a negative size": _line_of(b"tree_sizes", b"-1"),
    "another version": _line_of(b"version", b"v9"),
    "a million classes": _line_of(b"num_class", b"1000000"),
    "many trees an iteration": _line_of(b"num_tree_per_iteration", b"1000"),
    "fewer features": _line_of(b"max_feature_idx", b"0"),
    "two thousand million features": _line_of(b"max_feature_idx", b"2147483647"),
    "another objective": _line_of(b"objective", b"multiclass num_class:3"),
    "a chance that learned squares": _sub(
        "chance.txt", b"objective=binary sigmoid:1", b"objective=regression"
    ),
    "other names": _line_of(b"feature_names", b"a b"),
    "no ranges": _line_of(b"feature_infos", b""),
    "a leaf too many": _line_of(b"num_leaves", b"16"),
    "a thousand million leaves": _line_of(b"num_leaves", b"1000000000"),
    "minus one leaf": _line_of(b"num_leaves", b"-1"),
    "categories that are not there": _line_of(b"num_cat", b"3"),
    "a linear tree": _line_of(b"is_linear", b"1"),
    "no thresholds": _line_of(b"threshold", b""),
    "no leaves' values": _line_of(b"leaf_value", b""),
    "a loop": _line_of(b"left_child", b"0 0 0"),
    "a leaf far outside": _line_of(b"right_child", b"-99999999 -2 -3"),
    "a feature far outside": _line_of(b"split_feature", b"99999999 0 0"),
    "a categorical split": _line_of(b"decision_type", b"1 1 1"),
    "not a number": _line_of(b"leaf_value", b"nan nan nan nan"),
    "chance and units swapped": lambda model, draw: _swap(model, "chance.txt", "units.txt"),
    "units and scale swapped": lambda model, draw: _swap(model, "units.txt", "scale.txt"),
    "a byte that is no text": _sub("chance.txt", b"Tree=0", b"Tree=\xff"),
    "a NUL": _sub("chance.txt", b"Tree=1", b"Tree=\0"),
    "an empty text": _on("chance.txt", lambda data, draw: b""),
    "one kind of size without the other": _on("scale.txt", lambda data, draw: b""),
    "settings behind the trees": _on("units.txt", lambda data, draw: data + b"\nparameters:\n"),
}


def _swap(model: Path, one: str, other: str) -> None:
    texts = [(model / name).read_bytes() for name in (one, other)]
    for name, text in zip((other, one), texts, strict=True):
        (model / name).write_bytes(text)


def _edit(*where: str | int, to: Any = None) -> Change:
    """Set one value of the JSON; `to` may be a function of what stands there."""

    def changed(model: Path, draw: np.random.Generator) -> None:
        path = model / "model.json"
        whole = json.loads(path.read_text())
        inner = whole
        for key in where[:-1]:
            inner = inner[key]
        inner[where[-1]] = to(inner[where[-1]]) if callable(to) else to
        write_facts(path, whole)

    return changed


def _file(name: str, **entry: Any) -> Change:
    """Let the JSON vouch for one more file."""
    whole = {"bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()} | entry
    return _edit("files", to=lambda files: files | {name: whole})


def _without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda facts: {key: value for key, value in facts.items() if key not in names}


POOL = ("facts", "pool")
CALIBRATION = ("facts", "calibration")
ITEM = ("facts", "dependence", "item")
FACTS: dict[str, Change] = {
    "no pool": _edit("facts", "pool", to=None),
    "a pool that is a list": _edit(*POOL, to=[]),
    "a pool of one more part": _edit(*POOL, to=lambda all_: all_ | {"more": []}),
    "a class too few": _edit(*POOL, "chance", to=lambda all_: all_[:-1]),
    "a head too few": _edit(*POOL, "chance", to=lambda all_: [[1.0, 0.0, 0.0]] * len(all_)),
    "a size too many": _edit(*POOL, "size", to=lambda all_: [[0.25] * 4] * len(all_)),
    "a weight below nothing": _edit(*POOL, "chance", 0, to=[-0.5, 0.5, 0.5, 0.5]),
    "weights of two in all": _edit(*POOL, "size", 3, to=[1.0, 0.5, 0.5]),
    "a weight in words": _edit(*POOL, "size", 0, to=["1", 0.0, 0.0]),
    "a weight that is true": _edit(*POOL, "size", 0, to=[True, 0.0, 0.0]),
    "a weight without end": _edit(*POOL, "size", 0, to=[10**400, 0.0, 0.0]),
    "weights of no class": _edit(*POOL, "chance", to=lambda all_: all_[0]),
    "a factor of sizes that is nothing": _edit(*POOL, "factor", to=[0.0, 1.0, 1.0]),
    "a factor of sizes without measure": _edit(*POOL, "factor", to=[1e300, 1.0, 1.0]),
    "a factor of sizes too few": _edit(*POOL, "factor", to=[1.0, 1.0]),
    "boosters that read nothing": _edit("facts", to=_without("names")),
    "boosters trusted with anything": _edit("facts", to=_without("usual")),
    "nothing of the boosters but their texts": _edit("facts", to=_without("names", "usual")),
    "trust in one number": _edit("facts", "usual", to=0.5),
    "trust that never fades": _edit("facts", "usual", to=[0.5, 0.0, 0.5]),
    "trust in words": _edit("facts", "usual", to=["0.5", 1.0, 1.0]),
    "trust of two kinds": _edit("facts", "usual", to=[0.5, 0.5]),
    "a column fewer": _edit("facts", "names", to=lambda names: names[:-1]),
    "columns that are numbers": _edit("facts", "names", to=lambda names: [*range(len(names))]),
    "columns that are one word": _edit("facts", "names", to=lambda names: "x" * len(names)),
    "an unknown fact": _edit("facts", to=lambda facts: facts | {"hook": "os.system"}),
    "facts that are a list": _edit("facts", to=[]),
    "another schema": _edit("schema", to=3),
    "a schema that is true": _edit("schema", to=True),
    "files that are a list": _edit("files", to=["chance.txt"]),
    "a file outside": _file("../../../chance.txt"),
    "a file from the root": _file("/etc/hostname"),
    "a file in a folder": _file("inner/chance.txt"),
    "a file without a name": _file(""),
    "a file with a NUL": _file("a\0.txt"),
    "a fifth text": _file("more.txt"),
    "minus one byte": _edit("files", "units.txt", to={"bytes": -1, "sha256": ""}),
    "a million terabytes": _edit("files", "units.txt", to={"bytes": 10**18, "sha256": ""}),
    "bytes in words": _edit("files", "units.txt", to={"bytes": "many", "sha256": ""}),
    "no hash": _edit("files", "units.txt", to={"bytes": 1}),
    "no entry": _edit("files", "units.txt", to=None),
    "a slope downward": _edit(*CALIBRATION, "slope", to=-1.0),
    "an intercept in words": _edit(*CALIBRATION, "intercept", to="0"),
    "a factor of nothing": _edit(*CALIBRATION, "factor", to=lambda all_: [0.0] * len(all_)),
    "a factor without end": _edit(*CALIBRATION, "factor", to=lambda all_: [1e300] * len(all_)),
    "a factor too few": _edit(*CALIBRATION, "factor", to=lambda all_: all_[:-1]),
    "no width": _edit(*CALIBRATION, "width", to=[]),
    "a width that narrows without end": _edit(
        *CALIBRATION, "width", to=[0.0, 0.0, -99.0, 1.0, 8.0]
    ),
    "a map that falls": _edit(*CALIBRATION, "knots", to=lambda all_: [all_[0][::-1], *all_[1:]]),
    "a map too few": _edit(*CALIBRATION, "knots", to=lambda all_: all_[1:]),
    "one map of numbers": _edit(*CALIBRATION, "knots", to=lambda all_: all_[0]),
    "a map of two knots": _edit(*CALIBRATION, "knots", to=lambda all_: [[0.0, 1.0], *all_[1:]]),
    "a map of words": _edit(*CALIBRATION, "knots", to=lambda all_: [["x"] * len(all_[0])] * 4),
    "rows that are true": _edit(*CALIBRATION, "rows", to=True),
    "an unknown correction": _edit(*CALIBRATION, to=lambda all_: all_ | {"more": 1}),
    "too much dependence": _edit(*ITEM, "share", to=1.5),
    "dependence of a number too large": _edit(*ITEM, "level", to=10**400),
    "dependence that never ends": _edit(*ITEM, "decay", to=1.0),
    "shares that do not add up": _edit("facts", "dependence", "own", "share", to=0.001),
    "a part too few": _edit("facts", "dependence", to=lambda all_: {"own": all_["own"]}),
    "a part that is a number": _edit(*ITEM, to=0.1),
    "a horizon in words": _edit("facts", "params", "horizon_weeks", to="8"),
    "a horizon of half a week": _edit("facts", "params", "horizon_weeks", to=8.5),
    "a horizon of a century": _edit("facts", "params", "horizon_weeks", to=5200),
    "a history of ages": _edit("facts", "params", "history_weeks", to=10**30),
    "no settings": _edit("facts", "params", to=None),
    "no privacy": _edit("facts", "privacy", to={}),
    "privacy of nobody": _edit("facts", "privacy", "min_customers", to=0),
    "categories that are numbers": _edit("facts", "categories", to=[1, 2]),
    "one category twice": _edit("facts", "categories", to=lambda all_: [all_[0]] * len(all_)),
    "a day that is none": _edit("facts", "as_of", to="2026-02-31"),
    "notes that are one word": _edit("facts", "notes", to="trust me"),
}


def _write(data: bytes) -> Change:
    return lambda model, draw: (model / "model.json").write_bytes(data) and None


RAW_JSON: dict[str, Change] = {
    "no JSON": _write(b"{"),
    "nothing": _write(b""),
    "a list": _write(b"[1, 2]"),
    "a number": _write(b"3"),
    "JSON without end": _write(b"[" * 200_000),
    "JSON not a number": _write(b'{"sha256": NaN}'),
    "JSON of another encoding": _write('{"sha256": "é"}'.encode("utf-16")),
    "JSON with a byte that is no text": _write(b'{"sha256": "\xff"}'),
    "a number of many digits": _write(b'{"sha256": ' + b"9" * 10_000 + b"}"),
}


def _linked(model: Path, draw: np.random.Generator) -> None:
    """Let a text be a link to itself, elsewhere."""
    aside = model.parent.parent / f"{model.parent.name}-aside.txt"
    (model / "chance.txt").rename(aside)
    (model / "chance.txt").symlink_to(aside)


def _whole_folder_linked(model: Path, draw: np.random.Generator) -> None:
    aside = model.parent.parent / f"{model.parent.name}-aside"
    model.rename(aside)
    model.symlink_to(aside)


def _device(model: Path, draw: np.random.Generator) -> None:
    (model / "units.txt").unlink()
    (model / "units.txt").symlink_to("/dev/zero")


def _pipe(model: Path, draw: np.random.Generator) -> None:
    (model / "units.txt").unlink()
    os.mkfifo(model / "units.txt")


def _sparse(model: Path, draw: np.random.Generator) -> None:
    with (model / "model.json").open("r+b") as stream:
        stream.truncate(2**40)


def _folder_in_place(model: Path, draw: np.random.Generator) -> None:
    (model / "chance.txt").unlink()
    (model / "chance.txt").mkdir()


FOLDER: dict[str, Change] = {
    "no chance": lambda model, draw: (model / "chance.txt").unlink(),
    "no size": lambda model, draw: (model / "units.txt").unlink(),
    "no JSON file": lambda model, draw: (model / "model.json").unlink(),
    "one file more": lambda model, draw: (model / "more.txt").write_text("") and None,
    "one module more": lambda model, draw: (model / "x.py").write_text("0/0") and None,
    "a text that is a link": _linked,
    "a model that is a link": _whole_folder_linked,
    "a text that is a device": _device,
    "a text that is a pipe": _pipe,
    "JSON of a terabyte": _sparse,
    "a text that is a folder": _folder_in_place,
}
