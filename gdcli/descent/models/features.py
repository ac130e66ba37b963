"""Features by formula: --features "x1, x1*x2, log(x3)", columns as they are beside formulas over the columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import chain

from gdcli.data.dataset import Dataset
from gdcli.data.selection import Header
from gdcli.descent.models.columns import Symbols, variables, without_target
from gdcli.descent.models.computed import Computation, Formula, computed
from gdcli.errors import DataError, FormulaError, UsageError
from gdcli.escape import visible
from gdcli.kernels.parametric import together
from gdcli.language.budget import Budget

_OPENING, _CLOSING = "([{", ")]}"
# A column's number, or a range of them.
_NUMBERS = re.compile(r"[0-9]+(\s*(-|\.\.)\s*[0-9]+)?")
# What tells a formula from a column that is not there.
_OPERATORS = frozenset("+-*/^()|<>=√·×÷²³\\{}")


def split(text: str) -> list[str]:
    """The parts between the commas that stand in no bracket: max(a, b) is one part."""
    parts, depth, begin = [], 0, 0
    for position, character in enumerate(text):
        depth += (character in _OPENING) - (character in _CLOSING)
        if character == "," and depth <= 0:
            parts.append(text[begin:position].strip())
            begin = position + 1
    parts.append(text[begin:].strip())
    return [part for part in parts if part]


@dataclass
class Features:
    """--features as it was typed. Called with a file's header it chooses the columns to read; `applied` computes.

    A part that names a column, its number or a range of numbers is that column, all else is a formula.
    """

    text: str
    _plan: list[str | int] = field(default_factory=list)
    _read: list[int] = field(default_factory=list)
    _symbols: Symbols = field(default_factory=lambda: Symbols((), ()))

    def __call__(self, header: Header) -> list[int]:
        """The columns to read: those asked for, and those that only formulas use."""
        self._symbols = Symbols.of(header.names)
        self._plan = []
        whole = self.text.strip()
        for part in [whole] if whole in header.names else split(self.text):
            self._plan += self._part(part, header)
        self._check_twice()
        plain = [item for item in self._plan if isinstance(item, int)]
        used = [j for item in self._plan if isinstance(item, str) for j in self._used(item)]
        self._read = [*plain, *(j for j in dict.fromkeys(used) if j not in plain)]
        return self._read

    def applied(self, dataset: Dataset, budget: Budget) -> Dataset:
        """The data set that was read, with the formulas' values as columns in the order they were asked for."""
        if not any(isinstance(item, str) for item in self._plan):
            return dataset
        places = self._places(dataset)
        computation = self._computation(dataset, places, budget)
        if dataset.apart is not None:
            dataset.apart.parts.change(computed, computation)
        X = computation(dataset.X)
        X.flags.writeable = False
        names = [[item] if isinstance(item, str) else [dataset.columns[j] for j in places[item]] for item in self._plan]
        used = dict.fromkeys(j for item in self._plan if isinstance(item, str) for j in self._used(item))
        choices = (*dataset.choices, *self._symbols.numbered(used))
        reading = dataset.reading and replace(dataset.reading, formulas=self.text)
        return replace(dataset, X=X, columns=tuple(chain(*names)), choices=choices, reading=reading)

    def _part(self, part: str, header: Header) -> list[str | int]:
        """A part of the list: columns by their indices, or a formula."""
        try:
            return [*header.indices(part)]
        except DataError:
            if _NUMBERS.fullmatch(part):
                raise
            try:
                used = variables(part, self._symbols.known)
            except FormulaError:
                if not _OPERATORS & set(part):
                    # Not a formula that went wrong: a column that is not there.
                    header.indices(part)
                raise
        if not used:
            hint = f"the columns are {self._symbols.listing()}"
            raise UsageError(f"the feature {visible(part)} uses no column of the file", hint=hint)
        without_target(f"the feature {visible(part)}", [self._symbols.index(name) for name in used], header)
        return [part]

    def _used(self, formula: str) -> list[int]:
        return [self._symbols.index(name) for name in variables(formula, self._symbols.known)]

    def _check_twice(self) -> None:
        twice = next((item for item in self._plan if isinstance(item, str) and self._plan.count(item) > 1), None)
        if twice is not None:
            raise UsageError(f"the feature {visible(twice)} is asked for twice", hint="name it once")

    def _places(self, dataset: Dataset) -> dict[int, list[int]]:
        """For each column that was read its columns in X: one for numbers, one for each level but the first of text."""
        places: dict[int, list[int]] = {}
        start = 0
        for j in self._read:
            name = self._symbols.names[j]
            stop = start
            while stop < len(dataset.columns) and _belongs(dataset.columns[stop], name):
                stop += 1
                if dataset.columns[stop - 1] == name:
                    break
            places[j] = list(range(start, stop))
            start = stop
        return places

    def _computation(self, dataset: Dataset, places: dict[int, list[int]], budget: Budget) -> Computation:
        formulas = [item for item in self._plan if isinstance(item, str)]
        used = sorted({j for item in formulas for j in self._used(item)})
        for j in used:
            if [dataset.columns[k] for k in places[j]] != [self._symbols.names[j]]:
                message = f'column "{visible(self._symbols.names[j])}" holds text, and a formula needs numbers'
                raise DataError(
                    message, file=visible(dataset.origin.name, 4096), hint="leave it out of the formulas of --features"
                )
        columns = [self._formula(item, places) if isinstance(item, str) else tuple(places[item]) for item in self._plan]
        found = together(formulas, [self._symbols.symbols[j] for j in used], budget=budget)
        return Computation(tuple(columns), found, tuple(places[j][0] for j in used), dataset.origin.name)

    def _formula(self, text: str, places: dict[int, list[int]]) -> Formula:
        return Formula(text, tuple((self._symbols.symbols[j], places[j][0]) for j in self._used(text)))


def _belongs(column: str, name: str) -> bool:
    """Whether a column of X is the file's column `name`, or a level of it."""
    return column == name or column.startswith(f"{name}=")
