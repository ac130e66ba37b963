"""Columns that are numbers in one file and texts in another, or wrong in one: judged by the cells of all files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

import numpy as np

from gdcli.data.judgement import Judgement, judge
from gdcli.data.partitions.opened import Texts
from gdcli.data.partitions.parts import Parts
from gdcli.data.readers import table_of
from gdcli.data.selection import Selection
from gdcli.data.table import Table
from gdcli.errors import DataError


def verdicts(parts: Parts, columns: Sequence[int], chosen: Selection) -> tuple[dict[int, DataError], Texts]:
    """What is wrong with columns, and which of them are texts in all files. `parts` are the files."""
    found = parts.each(judged, columns)
    errors = {j: _error([judgements[j] for judgements in found], chosen, j) for j in columns}
    wrong = {j: error for j, error in errors.items() if error is not None}
    return wrong, frozenset(columns) - wrong.keys()


def judged(file: str, columns: Sequence[int]) -> dict[int, Judgement | DataError]:
    """What the cells of some columns of a file are."""
    table, _, _ = table_of(file)
    return {j: _judged(table, j) for j in columns}


def _judged(table: Table, index: int) -> Judgement | DataError:
    try:
        if isinstance(table.body.known(index), np.ndarray):
            return Judgement(table.rows, table.rows)
        return judge(table.body.cells(index), table)
    except DataError as error:
        return error.with_traceback(None)


def _error(found: Sequence[Judgement | DataError], chosen: Selection, index: int) -> DataError | None:
    """What is wrong with a column of all files, None where it is one of texts."""
    error = next((judgement for judgement in found if isinstance(judgement, DataError)), None)
    if error is not None:
        return error
    return reduce(add, [judgement for judgement in found if isinstance(judgement, Judgement)]).error(chosen, index)
