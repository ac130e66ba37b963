"""Which column is the target and which are features."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gdcli.data.names import label, listing, ranges
from gdcli.data.table import Table
from gdcli.errors import DataError, UsageError
from gdcli.escape import visible
from gdcli.suggest import suggestion

_USUAL_TARGETS = ("y", "target", "label")
_RANGE = re.compile(r"([0-9]+)\s*(?:-|\.\.)\s*([0-9]+)")


@dataclass(frozen=True)
class Selection:
    """The indices of the target and of the features, all columns' names, and what was chosen without being told."""

    target: int
    features: tuple[int, ...]
    names: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """The columns of a file, all named, and the target's index: what features chosen by a function are chosen from."""

    names: tuple[str, ...]
    target: int
    table: Table

    def indices(self, part: str) -> list[int]:
        """The columns of a name, a number or a range of numbers; DataError where there are none."""
        return _indices(part, self.names, self.table)


Chooser = Callable[[Header], Sequence[int]]


def select(table: Table, target: str | None, features: Sequence[str] | Chooser | None) -> Selection:
    """Choose the target and the features of a table of at least two columns.

    Without a header column i is named xi and the target y. Raises DataError for columns that are not there or
    share a name, UsageError for a target among the features and for features named twice.
    """
    _no_duplicates(table)
    names = table.names or (*(f"x{i + 1}" for i in range(table.width - 1)), "y")
    if target is not None:
        index, rule = _find(target, names, table, "target"), ""
    else:
        index, rule = _usual(table.names) if table.names else (table.width - 1, "the last")
    choices = [f"target: column {label(index, names[index])} ({rule})"] if rule else []
    if not table.names:
        names = tuple("y" if j == index else f"x{j + 1}" for j in range(table.width))
        choices = [*choices, f"no header: columns named {names[0]} to {names[-1]}"]
    others = tuple(j for j in range(table.width) if j != index)
    chosen = others if features is None else _features(features, names, table, index)
    if not chosen:
        hint = "a regression needs at least one column besides the target"
        raise DataError("there are no features", file=table.file, line=table.line, hint=hint)
    _named(table, (index, *chosen))
    return Selection(index, chosen, names, tuple(choices))


def _usual(names: Sequence[str]) -> tuple[int, str]:
    folded = [name.casefold() for name in names]
    for usual in _USUAL_TARGETS:
        if usual in folded:
            return folded.index(usual), "by its name"
    return len(names) - 1, "the last"


def _find(spec: str, names: Sequence[str], table: Table, what: str) -> int:
    """Return the index of a column given by name or 1-based number; a name comes first."""
    spec = spec.strip()
    if spec and spec in names:
        return names.index(spec)
    if re.fullmatch("[0-9]+", spec):
        return _numbered(spec, names, table, what)
    hint = f"{suggestion(spec, names)}the columns are {listing(names)}"
    raise DataError(f'there is no column "{visible(spec)}" for the {what}', file=table.file, hint=hint)


def _numbered(spec: str, names: Sequence[str], table: Table, what: str) -> int:
    # A number of a thousand digits is no column, and int() refuses it.
    if len(spec) < 10 and 1 <= int(spec) <= len(names):
        return int(spec) - 1
    message = f"there is no column {visible(spec)} for the {what}: the file has {len(names)}"
    raise DataError(message, file=table.file, hint=f"the columns are {listing(names)}")


def _features(specs: Sequence[str] | Chooser, names: Sequence[str], table: Table, target: int) -> tuple[int, ...]:
    chosen: list[int] = []
    if callable(specs):
        chosen += specs(Header(tuple(names), target, table))
    else:
        for spec in specs:
            chosen += [spec_index for part in _parts(spec, names) for spec_index in _indices(part, names, table)]
    if target in chosen:
        rest = ranges([j + 1 for j in range(len(names)) if j != target])
        message = f"column {label(target, names[target])} is the target and among the features"
        raise UsageError(message, hint=f"leave it out of --features, for instance --features {rest}")
    twice = next((j for j in chosen if chosen.count(j) > 1), None)
    if twice is not None:
        raise UsageError(f"column {label(twice, names[twice])} is among the features twice", hint="name it once")
    return tuple(chosen)


def _parts(spec: str, names: Sequence[str]) -> list[str]:
    """Split ``age,bmi`` at its commas, unless the whole is a column's name."""
    return [spec] if spec.strip() in names else [part for part in spec.split(",") if part.strip()]


def _indices(part: str, names: Sequence[str], table: Table) -> list[int]:
    bounds = _RANGE.fullmatch(part.strip())
    if bounds is None or part.strip() in names:
        return [_find(part, names, table, "features")]
    first, last = (_numbered(end, names, table, "features") for end in bounds.groups())
    if first > last:
        raise UsageError(f"the range {part.strip()} of features is empty", hint=f"write {last + 1}-{first + 1}")
    return list(range(first, last + 1))


def _no_duplicates(table: Table) -> None:
    seen: dict[str, int] = {}
    for j, name in enumerate(table.names):
        if name and name in seen:
            message = f"columns {seen[name] + 1} and {j + 1} have the same name"
            hint = "rename one of them"
            raise DataError(message, file=table.file, line=table.line, column=label(j, name), hint=hint)
        seen[name] = j


def _named(table: Table, used: Sequence[int]) -> None:
    unnamed = next((j for j in used if table.names and not table.names[j]), None)
    if unnamed is None:
        return
    rest = ranges(sorted(j + 1 for j in used[1:] if table.names[j]))
    index = "a row number? " if unnamed == 0 else ""
    hint = f"{index}name it in the header, or leave it out: --features {rest}"
    message = "this column has no name"
    raise DataError(message, file=table.file, line=table.line, column=label(unnamed, ""), hint=hint)
