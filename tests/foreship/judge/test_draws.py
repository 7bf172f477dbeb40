"""Draws: splitmix64 as published, stable ids, numbers below 1."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from foreship.judge.draws import hashes, mix, uniform
from tests.foreship.judge.splitmix import splitmix


def test_the_mixer_is_splitmix64() -> None:
    """Its published first outputs for seeds 0 and 1, and large states."""
    states = [0, 1, 2**63 + 12_345, 2**64 - 1]
    found = mix(np.array(states, dtype=np.uint64)).tolist()
    assert found[:2] == [0xE220A8397B1DCDAF, 0x910A2DEC89025CC1]
    assert found == [splitmix(each) for each in states]


def test_ids_are_hashed_by_their_text() -> None:
    """64 bits of BLAKE2b, the low byte first; no ids have no hashes."""
    bits = [blake2b(name, digest_size=8).digest() for name in (b"A1", "é".encode())]
    assert hashes(["A1", "é"]).tolist() == [int.from_bytes(each, "little") for each in bits]
    assert hashes([]).tolist() == []


def test_draws_fill_the_numbers_from_0_to_below_1() -> None:
    """The top 53 bits count: nothing is 1, half of all bits is a half."""
    drawn = np.array([0, 2**63, 2**64 - 1], dtype=np.uint64)
    assert uniform(drawn).tolist() == [0.0, 0.5, 1.0 - 2.0**-53]
