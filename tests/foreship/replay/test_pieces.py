"""A replay cut into pieces for several workers."""

from __future__ import annotations

from types import SimpleNamespace

from foreship.replay.pieces import deal


def test_light_readers_of_paths_share_the_drawing_of_a_heavy_one():
    """With two workers `foreship` draws for `newsvendor` and `point`; the others go beside it."""
    names = ("reactive", "seasonal", "newsvendor", "point", "foreship", "oracle")
    tracks = [SimpleNamespace(name=name) for name in names]
    dealt = [{names[at] for at in group} for group in deal(tracks, 2)]
    assert dealt == [{"newsvendor", "point", "foreship"}, {"reactive", "seasonal", "oracle"}]
    assert deal(tracks[:1], 4) == [[0]]
