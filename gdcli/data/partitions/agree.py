"""What several files say of their columns, made one: the data set that they are together, without its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gdcli.data.assemble import assemble
from gdcli.data.dataset import Dataset
from gdcli.data.joined import joined
from gdcli.data.partitions.digest import VALUES, Digest, Facts, Sample, digest, distinct
from gdcli.data.partitions.judge import verdicts
from gdcli.data.partitions.load import Agreement
from gdcli.data.partitions.opened import Features, Texts
from gdcli.data.partitions.parts import Parts
from gdcli.data.selection import Selection, select
from gdcli.data.table import Floats, Table
from gdcli.errors import DataError


def agreed(
    parts: Parts, files: Sequence[str], name: str, target: str | None, features: Features
) -> tuple[Dataset, Agreement, Floats]:
    """The data set of all files with X (0, d) and y (0,), how each becomes rows of it, and some values of y.

    `parts` are the files, each where it is read. The data set is what `gdcli.data.readers.read` makes of them, and
    what that raises is raised.
    """
    digests = parts.each(digest, target, features, frozenset())
    table = _joined(digests)
    wrong: Mapping[int, DataError] = {}
    texts: Texts = frozenset()
    doubtful = _doubtful(digests)
    if doubtful:
        wrong, texts = verdicts(parts, doubtful, select(table, target, features))
    if texts:
        digests = parts.each(digest, target, features, texts)
    whole = _together(digests, wrong)
    found = assemble(replace(table, body=whole), name, _sha256(digests), target=target, features=features)
    agreement = _agreement(found, whole, texts, dict(zip(files, digests, strict=True)))
    origin = replace(found.origin, rows=whole.whole)
    described = replace(found, X=np.empty((0, len(found.columns))), y=np.empty(0), origin=origin)
    return described, agreement, distinct(found.y, VALUES)


def _agreement(found: Dataset, whole: Sample, texts: Texts, digests: Mapping[str, Digest]) -> Agreement:
    assert found.reading is not None
    names, target, features = found.reading.names, found.reading.target, found.reading.features
    chosen = Selection(target, tuple(names.index(feature.name) for feature in features), names, ())
    rows = {file: its.rows for file, its in digests.items()}
    sha256 = {file: its.sha256 for file, its in digests.items()}
    classes = found.labels if isinstance(whole.facts[target], tuple) else None
    return Agreement(chosen, texts, features, classes, rows, sha256)


def _joined(digests: Sequence[Digest]) -> Table:
    tables = [found.table for found in digests]
    return joined(tables) if len(tables) > 1 else tables[0]


def _sha256(digests: Sequence[Digest]) -> str:
    """One file's own, of many that of the lines of theirs."""
    if len(digests) == 1:
        return digests[0].sha256
    return hashlib.sha256("".join(f"{found.sha256}\n" for found in digests).encode()).hexdigest()


def _telling(digests: Sequence[Digest]) -> list[Digest]:
    """A file without rows says nothing of its columns."""
    return [found for found in digests if found.rows]


def _doubtful(digests: Sequence[Digest]) -> tuple[int, ...]:
    """The columns of which one file says another thing than the next, or that it cannot be used."""
    telling = _telling(digests)
    if len(telling) < 2:
        return ()
    facts = {j: [found.sample.facts[j] for found in telling] for j in telling[0].sample.facts}
    return tuple(j for j, found in facts.items() if len(set(map(type, found))) > 1 or isinstance(found[0], DataError))


def _together(digests: Sequence[Digest], wrong: Mapping[int, DataError]) -> Sample:
    """The rows of all files."""
    telling = _telling(digests)
    columns = telling[0].sample.facts if telling else ()
    facts = {j: wrong[j] if j in wrong else _union([found.sample.facts[j] for found in telling]) for j in columns}
    return Sample(facts, sum(found.rows for found in digests))


def _union(facts: Sequence[Facts]) -> Facts:
    """What is known of a column in all files; the first that cannot use it says why."""
    wrong = next((found for found in facts if isinstance(found, DataError)), None)
    if wrong is not None:
        return wrong
    texts = [found for found in facts if isinstance(found, tuple)]
    if texts:
        return tuple(sorted({name for found in texts for name in found}))
    return distinct(np.concatenate([found for found in facts if isinstance(found, np.ndarray)]), VALUES)
