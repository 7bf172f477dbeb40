"""Prove that a booster's text is a sound forest before LightGBM reads any of it.

LightGBM trusts its own texts: an index that points outside a tree, a list that is too short or a
size that is wrong ends the process or never ends (open reports 7357, 7437 and 7438 of its
repository). A hash says that a text is the one written; whoever can change the text can change
the hash. So what LightGBM could follow astray is checked here: every line that it reads, in its
order, with the right number of numbers, and every tree walked from its root. What LightGBM writes
behind the trees (importances, settings) does not predict, and is not kept.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from foreship_forecast.errors import ModelRefused
from foreship_foundation.arrays import Ints
from foreship_foundation.telling.words import plural

__all__ = ["FORESTS", "predicting_part", "sound_forest"]

END = "end of trees\n"
LARGEST_FOREST = 5000
"""trees; the most that settings allow"""
LARGEST_TREE = 255
"""leaves; the most that settings allow"""
DECISIONS = (0, 2, 4, 6, 8, 10)
"""a number compared with a threshold: bit 1 default side, bits 2 and 3 kind of missing value"""
OBJECTIVES = {
    "chance": "binary sigmoid:1",
    "later": "binary sigmoid:1",
    "units": "poisson",
    "scale": "regression",
}
FORESTS = tuple(OBJECTIVES)
"""the boosters of a head, by name"""
HEADER = (
    "version",
    "num_class",
    "num_tree_per_iteration",
    "label_index",
    "max_feature_idx",
    "objective",
    "feature_names",
    "feature_infos",
    "tree_sizes",
)
TREE = (
    "Tree",
    "num_leaves",
    "num_cat",
    "split_feature",
    "split_gain",
    "threshold",
    "decision_type",
    "left_child",
    "right_child",
    "leaf_value",
    "leaf_weight",
    "leaf_count",
    "internal_value",
    "internal_weight",
    "internal_count",
    "is_linear",
    "shrinkage",
)
WHOLE = re.compile(r"-?\d{1,18}(?: -?\d{1,18})*", re.ASCII)
NUMBER = r"-?(?:inf|\d{1,40}(?:\.\d{1,40})?(?:e[+-]?\d{1,4})?)"
# a threshold is infinite where missing values alone go to the other side
NUMBERS = re.compile(rf"{NUMBER}(?: {NUMBER})*", re.ASCII)
RANGE = rf"(?:none|\[{NUMBER}:{NUMBER}\])"
RANGES = re.compile(rf"{RANGE}(?: {RANGE})*", re.ASCII)


def predicting_part(text: str) -> str:
    """Return a booster's text, as `model_to_string` writes it, up to the end of its trees."""
    trees, end, _ = text.partition(END)
    return trees + end


def sound_forest(text: str, objective: str, features: int) -> str:
    """Return the text unchanged if all that LightGBM would read is as LightGBM writes it.

    Parameters
    ----------
    text
        What `predicting_part` returned, LightGBM's version 4.
    objective
        Which of `FORESTS` it should be.
    features
        How many columns it may read.

    Raises
    ------
    ModelRefused
        If it is not one whole forest of that objective over that many columns.
    """
    try:
        head, _, rest = text.partition("\n\n")
        fields = _fields(head.removeprefix("tree\n"), HEADER)
        sizes = _whole(fields["tree_sizes"])
        _refuse_header(head, fields, sizes, objective, features)
        # clipped, so that they add up without overflow
        ends = np.cumsum(np.clip(sizes, 0, len(text)))
        if (sizes < 1).any() or ends[-1] + len(END) != len(rest) or not rest.endswith(END):
            raise ValueError("tree_sizes are not the sizes of its trees")
        for number, (start, end) in enumerate(zip(ends - sizes, ends, strict=True)):
            _refuse_tree(rest[start:end], number, features)
    except (ValueError, OverflowError) as error:
        raise ModelRefused(f"the {objective} booster is not one LightGBM wrote: {error}") from error
    return text


def _refuse_header(
    head: str, fields: dict[str, str], sizes: Ints, objective: str, features: int
) -> None:
    wanted = {
        "version": "v4",
        "num_class": "1",
        "num_tree_per_iteration": "1",
        "label_index": "0",
        "max_feature_idx": str(features - 1),
        "feature_names": " ".join(f"f{position}" for position in range(features)),
    }
    for key, value in wanted.items():
        if fields[key] != value:
            raise ValueError(f"{key} should be {value[:40]!r}, not {fields[key][:40]!r}")
    if fields["objective"] != OBJECTIVES[objective]:
        raise ValueError(
            f"objective should be {OBJECTIVES[objective]}, not {fields['objective'][:40]!r}"
        )
    if not head.startswith("tree\n"):
        raise ValueError("its first line is not 'tree'")
    infos = fields["feature_infos"]
    if not RANGES.fullmatch(infos) or infos.count(" ") != features - 1:
        raise ValueError("feature_infos are not a range a feature")
    if not 0 < len(sizes) <= LARGEST_FOREST:
        raise ValueError(f"it has {plural(len(sizes), 'tree')}; at most {LARGEST_FOREST}")


def _refuse_tree(text: str, number: int, features: int) -> None:
    if not text.endswith("\n\n\n"):
        raise ValueError(f"tree {number} does not end with two empty lines")
    fields = _fields(text[:-3], TREE)
    leaves = int(_whole(fields["num_leaves"])[0])
    if fields["num_leaves"] != str(leaves) or not 1 <= leaves <= LARGEST_TREE:
        raise ValueError(f"tree {number} has {leaves} leaves; 1 to {LARGEST_TREE} are possible")
    fixed = {"Tree": str(number), "num_cat": "0", "is_linear": "0"}
    for key, value in fixed.items():
        if fields[key] != value:
            raise ValueError(f"{key} of tree {number} should be {value}, not {fields[key][:40]!r}")
    lengths = {"leaf_value": leaves, "shrinkage": 1, "leaf_count": leaves}
    # a tree of one leaf has no weight
    lengths["leaf_weight"] = leaves if leaves > 1 else 0
    inner = ("split_gain", "threshold", "internal_value", "internal_weight", "internal_count")
    lengths |= dict.fromkeys(inner, leaves - 1)
    for key, length in lengths.items():
        _refuse_numbers(fields[key], length, f"{key} of tree {number}")
    if not np.isfinite(np.array(fields["leaf_value"].split(" "), dtype=np.float64)).all():
        raise ValueError(f"leaf_value of tree {number} should be finite")
    whole = {
        key: _whole(fields[key], leaves - 1)
        for key in ("split_feature", "decision_type", "left_child", "right_child")
    }
    if not ((whole["split_feature"] >= 0) & (whole["split_feature"] < features)).all():
        raise ValueError(f"tree {number} splits on a feature that does not exist")
    if not np.isin(whole["decision_type"], DECISIONS).all():
        raise ValueError(f"tree {number} has a decision_type of no numeric split")
    _refuse_shape(whole["left_child"], whole["right_child"], number)


def _refuse_shape(left: Ints, right: Ints, number: int) -> None:
    """Refuse children that do not form one binary tree, numbered from the root down.

    A child c >= 0 is the node c, below its parent; c < 0 is the leaf -c - 1. Where each node
    but the root and each leaf is a child exactly once, every walk ends in a leaf.
    """
    nodes = len(left)
    child = np.concatenate([left, right])
    parent = np.tile(np.arange(nodes), 2)
    every = np.concatenate([np.arange(-nodes - 1, 0), np.arange(1, nodes)]) if nodes else child
    if not np.array_equal(np.sort(child), every) or (child[child >= 0] <= parent[child >= 0]).any():
        raise ValueError(f"the nodes of tree {number} are not those of one tree")


def _refuse_numbers(text: str, length: int, what: str) -> None:
    if not text and not length:
        return
    if not NUMBERS.fullmatch(text) or text.count(" ") != length - 1:
        raise ValueError(f"{what} should be {plural(length, 'number')}")


def _whole(text: str, length: int | None = None) -> Ints:
    if not text and length == 0:
        return np.zeros(0, dtype=np.int64)
    if not WHOLE.fullmatch(text):
        raise ValueError(f"whole numbers were expected, not {text[:40]!r}")
    found = np.array(text.split(" "), dtype=np.int64)
    if length is not None and len(found) != length:
        raise ValueError(f"{length} whole numbers were expected, not {len(found)}")
    return found


def _fields(text: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """Read `key=value` lines that must have exactly these keys, in this order."""
    lines = text.split("\n")
    found = [line.partition("=") for line in lines]
    if [(key, sign) for key, sign, _ in found] != [(key, "=") for key in keys]:
        raise ValueError(f"its lines should be {', '.join(keys)}")
    return {key: value for key, _, value in found}
