"""What the user named to a data set: a file, standard input, or a bundled problem with its card's defaults."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from gdcli.data import problems
from gdcli.data.dataset import Dataset
from gdcli.data.readers import read
from gdcli.descent.options import Chosen, Options
from gdcli.errors import DataError, UsageError
from gdcli.escape import visible


@dataclass(frozen=True)
class Source:
    """DATA as typed, the columns asked for, and where `-` reads from."""

    name: str
    target: str | None = None
    features: Sequence[str] | None = None
    stdin: BinaryIO | None = None


def open_problem(source: Source, chosen: Chosen) -> tuple[Dataset, Options]:
    """Read the data; `chosen` are the options the user gave, over what a bundled problem's card says.

    A path wins over a problem's name.
    """
    if source.name != "-" and not Path(source.name).exists() and _looks_like_a_problem(source.name):
        return _bundled(source, chosen)
    dataset = read(source.name, target=source.target, features=source.features, stdin=source.stdin or sys.stdin.buffer)
    return dataset, Options(**chosen)


def _looks_like_a_problem(name: str) -> bool:
    return name.isidentifier()


def _bundled(source: Source, chosen: Chosen) -> tuple[Dataset, Options]:
    try:
        card = problems.card(source.name)
    except UsageError as error:
        message = "there is no such file, and no bundled problem of that name"
        raise DataError(message, file=visible(source.name, 4096), hint=error.hint) from None
    target = source.target or card.target
    notes: list[str] = []
    path = problems.locate(source.name, notes.append)
    dataset = read(str(path), target=target, features=source.features or card.columns)
    said = Chosen(l2=card.l2, standardise=card.standardise, intercept=card.intercept)
    if target == card.target:
        said["loss"] = card.loss
    named = replace(dataset.origin, name=source.name)
    return replace(dataset, origin=named, choices=(*notes, *dataset.choices)), Options(**(said | chosen))
