"""gzip and zstd, known by a file's first bytes and read as a stream; what is damaged or cut short is an error."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

from gdcli.errors import DataError

_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_PIECE = 1 << 16


class _Decoder(Protocol):
    """One frame's decoder: `eof` after the last byte of it, `unused_data` what came behind."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


def compression(head: bytes) -> str:
    """Return "gzip", "zstd" or, for neither, ""."""
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")


class Inflated(io.RawIOBase):
    """The bytes of all frames of `raw`, one behind the other.

    Reading raises DataError where the data are damaged or end in the middle of a frame.
    """

    def __init__(self, raw: BinaryIO, kind: str, file: str) -> None:
        self._raw = raw
        self._kind = kind
        self._file = file
        self._new, self._errors = _decoders(kind, file)
        self._decoder = self._new()
        self._ended = False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`; 0 at the end."""
        while not self._ready and not self._ended:
            self._ready = memoryview(self._next())
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _next(self) -> bytes:
        """Decode a piece more; behind a frame stands another, or nothing but the zeros that fill a block."""
        if not self._decoder.eof:
            return self._decode(self._raw.read(_PIECE))
        piece = self._decoder.unused_data or self._raw.read(_PIECE)
        if piece.strip(b"\0"):
            self._decoder = self._new()
            return self._decode(piece)
        while piece and not piece.strip(b"\0"):
            piece = self._raw.read(_PIECE)
        if piece:
            raise self._damaged("damaged")
        self._ended = True
        return b""

    def _decode(self, piece: bytes) -> bytes:
        if not piece:
            raise self._damaged("truncated")
        try:
            return self._decoder.decompress(piece)
        except self._errors:
            raise self._damaged("damaged") from None

    def _damaged(self, what: str) -> DataError:
        hint = f"fetch or compress the file again; {self._kind} -t tests it"
        return DataError(f"the {self._kind} data are {what}", file=self._file, hint=hint)


def _decoders(kind: str, file: str) -> tuple[Callable[[], _Decoder], tuple[type[Exception], ...]]:
    """Return what makes a decoder for one frame, and the errors it raises."""
    if kind == "gzip":
        import zlib

        # 16 added to the window's bits: a gzip header and its checksum are read and checked.
        return lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), (zlib.error,)
    from importlib import import_module
    from importlib.util import find_spec

    if find_spec("compression") and find_spec("compression.zstd"):
        module = import_module("compression.zstd")
        return module.ZstdDecompressor, (module.ZstdError,)
    if find_spec("zstandard"):
        module = import_module("zstandard")
        return lambda: module.ZstdDecompressor().decompressobj(), (module.ZstdError,)
    raise DataError("this is compressed with zstd", file=file, hint='install what reads it: pip install "gdcli[zstd]"')
