"""Letters: UTF-8 where it is, cp1252 where that is certain, else a question."""

from __future__ import annotations

import pytest

from foreship.errors import InputError
from foreship.ingest.formats.encoding import to_utf8

WORDS = "Köln;Orléans;Größe;5 €;Señor\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_of_western_europe_are_the_same_however_they_are_written(encoding: str) -> None:
    """Bytes that are no UTF-8 are cp1252; two marks in front say UTF-8 and UTF-16."""
    assert to_utf8(WORDS.encode(encoding), "orders")[0].decode() == WORDS


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Köln\n".encode() + b"Orl\xe9ans", "line 2: byte 0xE9 is not UTF-8"),
        ("Wrocław".encode("cp1250"), "cp1252 it reads 'Wroc³aw'"),
        ("Verkäufer".encode("cp850"), "is not UTF-8"),
        ("Müller".encode("cp850"), "byte 0x81"),
    ],
)
def test_letters_that_may_be_others_are_asked(data: bytes, words: str) -> None:
    """Two encodings in one file, or a sign in the middle of a word: neither is guessed."""
    with pytest.raises(InputError) as error:
        to_utf8(data, "orders")
    (fault,) = error.value.faults
    assert words in str(fault)
    assert "encoding" in fault.remedy


def test_what_is_declared_is_read() -> None:
    """The letters of Poland and of DOS, once they are named; not what they cannot be."""
    for encoding in ("cp1250", "cp850"):
        text = "Wrocław" if encoding == "cp1250" else "Verkäufer"
        assert to_utf8(text.encode(encoding), "orders", encoding)[0].decode() == text
    with pytest.raises(InputError, match="no utf-8"):
        to_utf8(b"\xe9", "orders", "utf-8")


def test_a_blank_between_digits_parts_thousands() -> None:
    """A French Excel writes 1 234,50 with a blank that does not break: no letter of DOS."""
    text = "N\xb0 commande;Prix\n1;1\xa0234,50\n"
    assert to_utf8(text.encode("cp1252"), "orders")[0].decode() == text


def test_the_line_of_the_strange_sign_is_named() -> None:
    """The first letter beyond ASCII may stand far before it."""
    with pytest.raises(InputError) as error:
        to_utf8("Gr\xf6\xdfe\nWroc\xb3aw".encode("cp1252"), "orders")
    assert "line 2: byte 0xB3" in str(error.value.faults[0])
