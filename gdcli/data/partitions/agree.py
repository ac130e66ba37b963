"""What several files say of their columns, made one: the data set that they are together, without its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gdcli.data.assemble import assemble
from gdcli.data.dataset import Dataset
from gdcli.data.joined import joined
from gdcli.data.names import label
from gdcli.data.partitions.digest import VALUES, Digest, Facts, Sample, distinct
from gdcli.data.partitions.load import Agreement
from gdcli.data.partitions.opened import Features
from gdcli.data.selection import Selection
from gdcli.data.table import Floats
from gdcli.errors import DataError


def agreed(
    files: Sequence[str], digests: Sequence[Digest], name: str, target: str | None, features: Features
) -> tuple[Dataset, Agreement, Floats]:
    """The data set of all files with X (0, d) and y (0,), how each becomes rows of it, and some values of y.

    It is what `gdcli.data.readers.read` makes of them, and raises what that raises. Raises DataError for a column that
    is numbers in one file and text in another.
    """
    tables = [digest.table for digest in digests]
    table = joined(tables) if len(tables) > 1 else tables[0]
    whole = _together(digests)
    found = assemble(replace(table, body=whole), name, _sha256(digests), target=target, features=features)
    description = replace(
        found, X=np.empty((0, len(found.columns))), y=np.empty(0), origin=replace(found.origin, rows=whole.whole)
    )
    sha256 = {file: digest.sha256 for file, digest in zip(files, digests, strict=True)}
    return description, _agreement(found, whole, sha256), distinct(found.y, VALUES)


def _agreement(found: Dataset, whole: Sample, sha256: dict[str, str]) -> Agreement:
    assert found.reading is not None
    names, target, features = found.reading.names, found.reading.target, found.reading.features
    chosen = Selection(target, tuple(names.index(feature.name) for feature in features), names, ())
    classes = found.labels if isinstance(whole.facts[target], tuple) else None
    return Agreement(chosen, features, classes, sha256)


def _sha256(digests: Sequence[Digest]) -> str:
    """One file's own, of many that of the lines of theirs."""
    if len(digests) == 1:
        return digests[0].sha256
    return hashlib.sha256("".join(f"{digest.sha256}\n" for digest in digests).encode()).hexdigest()


def _together(digests: Sequence[Digest]) -> Sample:
    """The rows of all files. A file without rows says nothing of its columns."""
    telling = [digest for digest in digests if digest.rows]
    columns = telling[0].sample.facts if telling else ()
    return Sample({j: _union(j, telling) for j in columns}, sum(digest.rows for digest in digests))


def _union(index: int, digests: Sequence[Digest]) -> Facts:
    """What is known of a column in all files: the first that cannot use it says why."""
    facts = [digest.sample.facts[index] for digest in digests]
    wrong = next((found for found in facts if isinstance(found, DataError)), None)
    texts = [found for found in facts if isinstance(found, tuple)]
    numbers = [found for found in facts if isinstance(found, np.ndarray)]
    if wrong is not None:
        return wrong
    if texts and numbers:
        return _mixed(index, digests)
    if texts:
        return tuple(sorted({name for found in texts for name in found}))
    return distinct(np.concatenate(numbers), VALUES)


def _mixed(index: int, digests: Sequence[Digest]) -> DataError:
    """The error that names the first file where a column holds something else than in the first."""
    first, text = digests[0].table, isinstance(digests[0].sample.facts[index], tuple)
    other = next(digest for digest in digests if isinstance(digest.sample.facts[index], tuple) is not text)
    here, there = ("numbers", "text") if text else ("text", "numbers")
    return DataError(
        f"this column holds {here}, and {there} in {first.file}",
        file=other.table.file,
        column=label(index, first.names[index]) if first.names else str(index + 1),
        hint="let it hold the same in all files, or leave it out with --features",
    )
