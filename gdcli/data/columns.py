"""One column of cells to numbers: plain numbers as they are, text as levels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gdcli.data.dataset import Feature
from gdcli.data.judgement import error_at, judge, or_without
from gdcli.data.names import label
from gdcli.data.numbers import number, numbers
from gdcli.data.room import blocks
from gdcli.data.selection import Selection
from gdcli.data.table import Floats, Levels, Place, Table
from gdcli.errors import DataError
from gdcli.escape import visible

MAX_LEVELS = 50
MAX_CLASSES = 20
# From so many rows on a text that never comes twice is taken for an id or a name.
_IDS = 5


@dataclass(frozen=True)
class Column:
    """An encoded feature: what was read, how to fill some rows of its columns in X, and what was chosen."""

    feature: Feature
    fill: Callable[[Floats, slice], None]
    choices: tuple[str, ...] = ()


def feature(table: Table, chosen: Selection, index: int) -> Column:
    """Encode a feature: numbers as one column, K levels of text as K - 1 columns of 0 and 1.

    The first level has no column: together with the intercept all K would be linearly dependent.
    """
    found = content(table, chosen, index)
    name = chosen.names[index]
    if not isinstance(found, Levels):
        return encoded(Feature(name), found)
    _few_levels(found, table, chosen, index)
    reference, *rest = found.names
    place = label(index, name)
    if not rest:
        note = f'left out: column {place}, which is "{visible(reference)}" in every row'
    else:
        note = f'one-hot: column {place} has {len(found.names)} levels, reference "{visible(reference)}"'
    return replace(encoded(Feature(name, found.names), found), choices=(note,))


def encoded(feature: Feature, values: Floats | Levels) -> Column:
    """A feature with its values, texts as the codes of its levels."""
    if isinstance(values, Levels):
        return Column(feature, lambda out, rows: one_hot(values, out, rows))
    return Column(feature, lambda out, rows: np.copyto(out[:, 0], values[rows]))


def one_hot(levels: Levels, out: Floats, rows: slice) -> None:
    """Write 1 in the column of each row's level, and 0 in the others; the first level has no column."""
    np.equal(levels.codes[rows, None], np.arange(1, len(levels.names)), out=out, casting="unsafe")


def target_codes(table: Table, chosen: Selection) -> tuple[Floats, tuple[str, ...] | None, tuple[str, ...]]:
    """Return y (N,), the labels of its classes if it has classes, and what was chosen."""
    found = content(table, chosen, chosen.target)
    name = f"column {label(chosen.target, chosen.names[chosen.target])}"
    if not isinstance(found, Levels):
        # A column of a map needs no memory; a view of a matrix would keep all of that alive.
        kept = found.flags.c_contiguous and not found.flags.writeable
        return _numeric_target(found if kept else np.array(found), name)
    labels = found.names
    if len(labels) > MAX_CLASSES:
        raise _too_many_classes(len(labels), table, chosen)
    if len(labels) == 1:
        message = f'every row of the target is "{visible(labels[0])}": there is nothing to learn'
        raise error_at(message, Place(file=table.file), chosen, chosen.target, hint="name another target with --target")
    codes = ", ".join(f'"{visible(text)}" = {code}' for code, text in enumerate(labels))
    return found.codes.astype(np.float64), labels, (f"classes: {name}: {codes}",)


def _numeric_target(y: Floats, name: str) -> tuple[Floats, tuple[str, ...] | None, tuple[str, ...]]:
    low, high = float(y.min()), float(y.max())
    if low == high:
        return y, None, (f"constant target: {name} is {low:.17g} in every row",)
    if all(bool(((y[rows] == low) | (y[rows] == high)).all()) for rows in blocks(y[:, None])):
        return y, (shortest(low), shortest(high)), ()
    return y, None, ()


def shortest(value: float) -> str:
    """Return a number as labels write it: 1 for 1.0."""
    return repr(value).removesuffix(".0")


def content(table: Table, chosen: Selection, index: int) -> Floats | Levels:
    """Decide whether a column is numbers or text. Raises DataError at its first cell that is neither."""
    known = table.body.known(index)
    if known is not None:
        return known
    cells = table.body.cells(index)
    values = numbers(cells)
    if values is not None:
        return values
    judged = judge(cells, table)
    wrong = judged.error(chosen, index)
    if wrong is not None:
        raise wrong
    return texts(cells) if judged.text else np.array([number(cell) for cell in cells], dtype=np.float64)


def texts(cells: list[str]) -> Levels:
    """The cells as texts, whatever they are."""
    names = tuple(sorted(set(cells)))
    code = {name: j for j, name in enumerate(names)}
    return Levels(names, np.fromiter((code[cell] for cell in cells), np.intp, len(cells)))


def _few_levels(levels: Levels, table: Table, chosen: Selection, index: int) -> None:
    count = len(levels.names)
    example = f'such as "{visible(levels.names[0])}"'
    if count == len(levels.codes) >= _IDS:
        message = f"every row has a text of its own here, {example}, as in a column of names or ids"
    elif count > MAX_LEVELS:
        message = f"this text column has {count} different values, {example}; at most {MAX_LEVELS} are encoded"
    else:
        return
    remedy = or_without(chosen, index) or ", or use other features"
    raise error_at(message, Place(file=table.file), chosen, index, hint=f"turn it into numbers or groups{remedy}")


def _too_many_classes(count: int, table: Table, chosen: Selection) -> DataError:
    message = f"this target has {count} different texts; at most {MAX_CLASSES} are taken as classes"
    return error_at(message, Place(file=table.file), chosen, chosen.target, hint="name another target with --target")
