"""The bytes of a text file -> UTF-8: certain, declared, or asked.

Text that is not UTF-8 and holds none of its sequences was written in one byte a letter. It is
taken for cp1252, which Excel writes in the west of Europe, where all its letters are such as
stand in words there; where a sign would stand in the middle of a word it is asked.
"""

from __future__ import annotations

import codecs
import re

from foreship.errors import Fault, InputError
from foreship.ingest.findings import in_short
from foreship.ingest.raw import refuse

__all__ = ["UTF_16", "to_utf8"]

BOM = b"\xef\xbb\xbf"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SEQUENCE = re.compile(
    rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
"""a letter in UTF-8, of a script in use"""
WESTERN = "cp1252"
SIGN_IN_WORD = re.compile(r"\w[^\x00-\x7f\w·\u2019\xa0]\w|\w[¹²³ªº]\w|[^\W\d]\xa0\w|\w\xa0[^\W\d]")
"""a sign, or a raised figure, between two letters; a blank between digits parts thousands"""
SIGNS = set("€£§°²³½¼¾µ®©™…«»·\xa0¡¿ªº‰•\u2013\u2014\u2018\u2019\u201c\u201d\u201e\xd7\xb4")
"""signs that stand in tables of the west of Europe beside its letters"""
NON_ASCII = re.compile(r"[^\x00-\x7f]")


def to_utf8(data: bytes, table: str, declared: str = "") -> tuple[bytes, list[Fault], str]:
    """Return the text in UTF-8 without a byte-order mark, notes, and the encoding it had.

    Raises
    ------
    InputError
        If the bytes are in no encoding, or could be in several.
    """
    if declared:
        return _declared(data, table, declared)
    if data.startswith(UTF_16):
        return _declared(data, table, "utf-16")
    notes = []
    if data.startswith(BOM):
        notes.append(Fault(table, "byte-order mark left out", severity="note"))
        data = data[len(BOM) :]
    _refuse_nul(data, table)
    if data.isascii():
        return data, notes, ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if notes:  # whoever begins so says that it is UTF-8
            raise _not_utf8(data, table, error.start, "save it as CSV UTF-8") from None
        return _western(data, table, error.start), [], WESTERN
    return data, notes, ""


def _line_of(data: bytes, offset: int) -> int:
    """Return the line of the file in which a byte stands, the first is 1."""
    return data.count(b"\n", 0, offset) + 1


def _declared(data: bytes, table: str, encoding: str) -> tuple[bytes, list[Fault], str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        problem = (
            f"line {_line_of(data, error.start)}: byte 0x{data[error.start]:02X} is no {encoding}"
        )
        raise refuse(table, problem, f"say another [columns] {table}.encoding") from None
    plain = text.removeprefix("\ufeff").encode("utf-8")
    _refuse_nul(plain, table)
    same = codecs.lookup(encoding).name == "utf-8"
    return plain, [], "" if same else encoding


def _refuse_nul(data: bytes, table: str) -> None:
    nul = data.find(b"\0")
    if nul >= 0:
        problem = f"line {_line_of(data, nul)}: NUL byte, the file is damaged"
        raise refuse(table, problem, "export it again")


def _not_utf8(data: bytes, table: str, at: int, remedy: str) -> InputError:
    where = f"line {_line_of(data, at)}: byte 0x{data[at]:02X}"
    return refuse(table, f"{where} is not UTF-8", remedy)


def _western(data: bytes, table: str, first: int) -> bytes:
    """Return what is certainly cp1252 in UTF-8; `first` is the first byte that UTF-8 has not."""
    if SEQUENCE.search(data):
        remedy = f'other letters are: damaged? or say [columns] {table}.encoding = "cp1252"'
        raise _not_utf8(data, table, first, remedy) from None
    try:
        text = data.decode(WESTERN)
    except UnicodeDecodeError as other:
        raise _not_utf8(data, table, other.start, _which(table)) from None
    strange = {each for each in NON_ASCII.findall(text) if not (each.isalpha() or each in SIGNS)}
    odd = SIGN_IN_WORD.search(text)
    if strange or odd:
        # in cp1252 a letter is a byte, so that places in the text are places in the file
        at = odd.start() + 1 if odd else text.find(min(strange))
        shown = in_short(text[max(at - 8, 0) : at + 8].strip().splitlines()[0])
        remedy = f"as cp1252 it reads {shown}; {_which(table)}"
        raise _not_utf8(data, table, at, remedy) from None
    return text.encode("utf-8")


def _which(table: str) -> str:
    return f'save it as CSV UTF-8, or say [columns] {table}.encoding = "cp1252" or "cp850"'
