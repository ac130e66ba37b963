"""Every format gives back the very bits that were written; polars' numbers are Python's."""

from __future__ import annotations

import gzip
import io
import json
import math
import random
import struct
import sys
from collections.abc import Callable
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
import zstandard

from gdcli.data import source as sources
from gdcli.data.readers import _fast, read

RNG = np.random.default_rng(11)
ROWS = 300
VALUES = np.column_stack(
    [
        RNG.normal(size=ROWS),
        RNG.integers(0, 2**64, ROWS, dtype=np.uint64).view(np.float64),
        np.ldexp(RNG.normal(size=ROWS), RNG.integers(-1074, 1020, ROWS)),
        np.where(RNG.uniform(size=ROWS) < 0.5, -0.0, 5e-324),
        1e9 + RNG.normal(size=ROWS),
    ]
)
VALUES[~np.isfinite(VALUES)] = 1.7976931348623157e308
NAMES = ["a", "b", "c", "d", "y"]


def as_csv() -> bytes:
    return ("\n".join([",".join(NAMES), *(",".join(map(repr, row)) for row in VALUES.tolist())]) + "\n").encode()


def as_ndjson() -> bytes:
    return "".join(json.dumps(dict(zip(NAMES, row, strict=True))) + "\n" for row in VALUES.tolist()).encode()


def as_libsvm() -> bytes:
    lines = [f"{row[-1]!r} " + " ".join(f"{j}:{v!r}" for j, v in enumerate(row[:-1], 1)) for row in VALUES.tolist()]
    return "\n".join(lines).encode()


def saved(write: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()


FRAME = pl.DataFrame(VALUES, schema=NAMES)
FORMATS = {
    "csv": as_csv(),
    "csv.gz": gzip.compress(as_csv()),
    "csv.gz, two members": gzip.compress(as_csv()[:1000]) + gzip.compress(as_csv()[1000:]) + bytes(512),
    "csv.zst": zstandard.compress(as_csv()),
    "csv.zst, two frames": zstandard.compress(as_csv()[:1000]) + zstandard.compress(as_csv()[1000:]),
    "ndjson": as_ndjson(),
    "ndjson.zst": zstandard.compress(as_ndjson()),
    "libsvm": as_libsvm(),
    "npy": saved(lambda out: np.save(out, VALUES)),
    "npy by columns": saved(lambda out: np.save(out, np.asfortranarray(VALUES))),
    "npy big-endian": saved(lambda out: np.save(out, VALUES.astype(">f8"))),
    "npy of records": saved(
        lambda out: np.save(out, np.array([*map(tuple, VALUES)], dtype=[(name, "f8") for name in NAMES]))
    ),
    "npy.gz": gzip.compress(saved(lambda out: np.save(out, VALUES))),
    "npz of X and y": saved(lambda out: np.savez(out, X=VALUES[:, :-1], y=VALUES[:, -1])),
    "npz of columns": saved(lambda out: np.savez_compressed(out, **dict(zip(NAMES, VALUES.T, strict=True)))),
    "npz of a matrix": saved(lambda out: np.savez(out, VALUES)),
    "parquet": saved(FRAME.write_parquet),
    "parquet by pyarrow, small row groups": saved(
        lambda out: pyarrow.parquet.write_table(FRAME.to_arrow(), out, row_group_size=7)
    ),
    "arrow": saved(FRAME.write_ipc),
    "feather, lz4": saved(lambda out: pyarrow.feather.write_feather(FRAME.to_arrow(), out, compression="lz4")),
}


@pytest.mark.parametrize("way", ["small", "large", "kept", "standard input"])
@pytest.mark.parametrize("name", FORMATS)
def test_the_bits_come_back(name: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDCLI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(sources, "LARGE", 1 if way in ("large", "kept") else 1 << 40)
    path = tmp_path / "data"
    path.write_bytes(FORMATS[name])
    for _ in range(2 if way == "kept" else 1):
        stdin = io.BytesIO(FORMATS[name]) if way == "standard input" else None
        data = read("-" if stdin else str(path), stdin=stdin)
    assert np.column_stack([data.X, data.y]).tobytes() == VALUES.tobytes()
    assert data.target == "y"
    assert data.X.flags.c_contiguous
    assert not data.X.flags.writeable


@pytest.mark.parametrize("dtype", ["i1", "u2", "i4", "i8", "u8", "f2", "f4", "?"])
def test_other_types_of_numbers(dtype: str) -> None:
    values = np.array([[0, 1], [1, 0], [1, 1]]).astype(dtype)
    for raw in (
        saved(lambda out: np.save(out, values)),
        saved(pl.DataFrame({"a": values[:, 0].astype(float), "y": values[:, 1].astype(float)}).write_parquet),
        saved(pl.DataFrame({"a": values[:, 0] == 1, "y": values[:, 1] == 1}).write_ipc),
    ):
        data = read("-", stdin=io.BytesIO(raw))
        assert (data.X.tolist(), data.y.tolist()) == ([[0], [1], [1]], [1, 0, 1])


@pytest.mark.parametrize("write", ["write_parquet", "write_ipc", "write_csv", "write_ndjson"])
def test_texts_come_back_as_levels(write: str) -> None:
    frame = pl.DataFrame({"w": ["u", "v", "u", "w"], "x": [1.0, 2.0, 3.5, 4.0], "y": ["no", "yes", "no", "no"]})
    data = read("-", stdin=io.BytesIO(saved(getattr(frame, write))))
    assert data.columns == ("w=v", "w=w", "x")
    assert data.X.tolist() == [[0, 0, 1], [1, 0, 2], [0, 0, 3.5], [0, 1, 4]]
    assert (data.labels, data.y.tolist()) == (("no", "yes"), [0, 1, 0, 0])


def test_dictionary_columns_of_arrow() -> None:
    table = pa.table({"x": [1, 2, 3], "y": pa.array(["b", "a", "b"]).dictionary_encode()})
    data = read("-", stdin=io.BytesIO(saved(lambda out: pyarrow.parquet.write_table(table, out))))
    assert (data.labels, data.y.tolist()) == (("a", "b"), [1, 0, 1])


def hard_numbers() -> list[str]:
    """Decimals near and exactly at the middle between two doubles, of all magnitudes, and long ones."""
    chance = random.Random(5)
    cells = []
    with localcontext() as context:
        context.prec = 1200
        while len(cells) < 60_000:
            x = struct.unpack("<d", struct.pack("<Q", chance.getrandbits(63)))[0]
            if not math.isfinite(x) or x == sys.float_info.max:
                continue
            beyond = math.nextafter(x, math.inf)
            cells += [
                f"{x:.17g}",
                f"{x:.{chance.randint(0, 20)}e}",
                f"-{chance.getrandbits(64)}e{chance.randint(-340, 280)}",
            ]
            if len(cells) % 5 == 0:
                middle, exponent = f"{(Decimal(x) + Decimal(beyond)) / 2:e}".split("e")
                cells += [f"{part}e{exponent}" for part in (middle, middle + "1", middle[: chance.randint(16, 25)])]
                cells.append(f"{middle[:-1]}{(int(middle[-1]) - 1) % 10}e{exponent}")
    return [cell for cell in cells if np.isfinite(float(cell))]


def test_polars_rounds_as_python_does() -> None:
    cells = hard_numbers()
    block = _fast.by_polars("".join(f"{cell},1\n" for cell in cells).encode(), ",", 2, frozenset(), frozenset())
    assert block is not None
    assert block.values[:, 0].tobytes() == np.array([float(cell) for cell in cells]).tobytes()


def test_numpy_rounds_as_python_does() -> None:
    cells = hard_numbers()[:10_000]
    block = _fast.by_numpy("".join(f"{cell},1\n" for cell in cells).encode(), ",", 2, frozenset(), frozenset())
    assert block is not None
    assert block.values[:, 0].tobytes() == np.array([float(cell) for cell in cells]).tobytes()
