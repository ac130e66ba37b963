"""Bytes of a file to text: UTF-8 with or without a byte order mark, UTF-16 with one; anything else is refused."""

from __future__ import annotations

import codecs
import re

from gdcli.errors import DataError

# Of a file that was joined or saved twice, there may be several.
_MARK = "\ufeff"
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_FORMATS = (
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\x1f\x8b", "compressed with gzip twice"),
)


def decode(raw: bytes, file: str) -> tuple[str, str]:
    """Return the text of `raw` and the name of its encoding.

    Raises DataError for a known binary format, NUL bytes and bytes that are not valid, with their line.
    """
    _refuse_formats(raw, file)
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise DataError("the text is UTF-32", file=file, hint="save it as UTF-8")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(raw, file).lstrip(_MARK), "UTF-16"
    if b"\0" in raw:
        raise _nul(raw, file)
    return _utf8(raw, file).lstrip(_MARK), "UTF-8"


def decode_piece(raw: bytes, file: str, skipped: int) -> str:
    """Return the UTF-8 text of whole lines from within a file, before which there are `skipped` lines.

    Raises DataError for NUL bytes and bytes that are not valid, with their line.
    """
    if b"\0" in raw:
        raise _nul(raw, file, skipped)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _invalid(raw, error.start, file, skipped) from None


def _refuse_formats(raw: bytes, file: str) -> None:
    for magic, name in _FORMATS:
        if raw.startswith(magic):
            workbook = magic == b"PK\x03\x04" and b"xl/" in raw
            what = "an Excel workbook" if workbook else name
            raise DataError(f"this is {what}, not text", file=file, hint="export it as CSV, or as CSV in gzip")


def _utf16(raw: bytes, file: str) -> str:
    try:
        text = raw.decode("utf-16")
    except UnicodeDecodeError:
        raise DataError("damaged UTF-16 text", file=file, hint="save the file as UTF-8") from None
    if "\0" in text:
        line = line_at(text[: text.index("\0")].encode(errors="replace"))
        raise DataError("a NUL character in the text", file=file, line=line, hint="remove it")
    return text


def _nul(raw: bytes, file: str, skipped: int = 0) -> DataError:
    if not skipped and raw.index(0) < 2 and raw[:1000].count(0) * 3 > len(raw[:1000]):
        hint = "save it as UTF-8, for instance with iconv -f UTF-16LE -t UTF-8"
        return DataError("the text looks like UTF-16 without a byte order mark", file=file, hint=hint)
    hint = "this is a damaged or a binary file; export it again as CSV in UTF-8"
    return DataError("a NUL byte in the text", file=file, line=skipped + line_at(raw[: raw.index(0)]), hint=hint)


def _utf8(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # utf-8-sig counts positions after the mark.
        raise _invalid(raw.removeprefix(codecs.BOM_UTF8), error.start, file) from None


def _invalid(data: bytes, at: int, file: str, skipped: int = 0) -> DataError:
    hint = "save the file as UTF-8; if it is Latin-1 or Windows text: iconv -f WINDOWS-1252 -t UTF-8"
    message = f"the byte 0x{data[at]:02X} is not valid UTF-8"
    return DataError(message, file=file, line=skipped + line_at(data[:at]), hint=hint)


def line_at(before: bytes) -> int:
    """Return the 1-based physical line on which the text after `before` goes on."""
    return len(_NEWLINE.findall(before)) + 1
