"""What the user named to a data set: a file, standard input, or a bundled problem with its card's defaults."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from gdcli import sizes
from gdcli.data import room
from gdcli.data.dataset import Dataset
from gdcli.data.progress import UNWATCHED, Progress
from gdcli.data.readers import read
from gdcli.data.selection import Chooser
from gdcli.data.table import Table
from gdcli.descent.options import Chosen, Options
from gdcli.errors import DataError, UsageError
from gdcli.escape import visible


@dataclass(frozen=True)
class Source:
    """DATA as typed, the target and the features asked for, where `-` reads from, who is told how far it is, and what
    else there is to `note`.

    `features`: columns and formulas over them, with commas between: "x1, x1*x2, log(x3)". `table`: columns in memory,
    which are then the data, whatever the name.
    """

    name: str
    target: str | None = None
    features: str | None = None
    stdin: BinaryIO | None = None
    progress: Progress = UNWATCHED
    table: Table | None = None
    note: Callable[[str], object] = str


def open_problem(source: Source, chosen: Chosen) -> tuple[Dataset, Options]:
    """Read the data; `chosen` are the options the user gave, over what a bundled problem's card says.

    Their `memory` bounds all arrays of the run.

    A path wins over a problem's name. Raises UsageError for options that contradict one another, FormulaError and
    DataError for features and models that cannot be read.
    """
    _check(source, chosen)
    memory = chosen.get("memory")
    room.bound(None if memory is None else sizes.size(memory))
    if source.table is None and _looks_like_a_problem(source.name):
        return _bundled(source, chosen)
    options = Options(**chosen)
    return _read(source, source.name, source.target, None, options), options


def located(name: str) -> str:
    """The path of a bundled problem's CSV for its name; a path, a pattern and - are themselves."""
    from gdcli.data import problems

    bundled = not Path(name).exists() and name in problems.names()
    return str(problems.locate(name)) if bundled else name


def _check(source: Source, chosen: Chosen) -> None:
    """A model by formula has no standardised columns, no intercept of its own, and names its columns itself."""
    if not chosen.get("intercept", True) and chosen.get("penalise_intercept", False):
        raise UsageError("--penalise-intercept and --no-intercept contradict each other", hint="leave one of them away")
    if "model" not in chosen:
        return
    given = {
        "--features": source.features is not None,
        "--raw": not chosen.get("standardise", True),
        "--no-intercept": not chosen.get("intercept", True),
        "--penalise-intercept": chosen.get("penalise_intercept", False),
    }
    for flag, is_given in given.items():
        if is_given:
            message = f"{flag} is for the linear model, and --model is given"
            hint = "a model by formula uses the columns it names, as they are, and has the constant terms it writes"
            raise UsageError(message, hint=f"leave {flag} away: {hint}")


def _read(source: Source, path: str, target: str | None, columns: Sequence[str] | None, options: Options) -> Dataset:
    """The columns that the model or the features need, formulas computed; `columns` where nothing is asked for."""
    reader = _reader(source, path, target, options)
    if options.model is not None:
        from gdcli.descent.models.formula import ModelColumns

        model = ModelColumns(options.model)
        return model.named(reader(model))
    if source.features is None:
        return reader(columns)
    from gdcli.descent.models.features import Features

    features = Features(source.features)
    return features.applied(reader(features), options.budget)


def _reader(
    source: Source, path: str, target: str | None, options: Options
) -> Callable[[Sequence[str] | Chooser | None], Dataset]:
    """What reads the chosen columns."""
    if options.engine == "dask":
        from gdcli.descent.apart import reader

        return reader(source, path, target, options)
    if source.table is not None:
        from gdcli.data.frame import dataset

        table = source.table
        return lambda features: dataset(table, target=target, features=features)
    stdin, progress = source.stdin or sys.stdin.buffer, source.progress
    return lambda features: read(path, target=target, features=features, stdin=stdin, progress=progress)


def _looks_like_a_problem(name: str) -> bool:
    return name.isidentifier() and not Path(name).exists()


def _bundled(source: Source, chosen: Chosen) -> tuple[Dataset, Options]:
    from gdcli.data import problems

    try:
        card = problems.card(source.name)
    except UsageError as error:
        message = "there is no such file, and no bundled problem of that name"
        raise DataError(message, file=visible(source.name, 4096), hint=error.hint) from None
    target = source.target or card.target
    notes: list[str] = []
    path = problems.locate(source.name, notes.append)
    # The card's penalty and scaling are the linear model's.
    said = Chosen() if "model" in chosen else Chosen(l2=card.l2, standardise=card.standardise, intercept=card.intercept)
    if target == card.target:
        said["loss"] = card.loss
    options = Options(**(said | chosen))
    dataset = _read(source, str(path), target, card.columns, options)
    named = replace(dataset.origin, name=source.name)
    return replace(dataset, origin=named, choices=(*notes, *dataset.choices)), options
