"""The Hessian over boxes: an interval for every entry, and whether f is smooth there at all."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from gdcli.calculus.curvature.domain import Need
from gdcli.calculus.curvature.hessian import Hessian
from gdcli.calculus.curvature.spectrum import Rows
from gdcli.calculus.interval.arithmetic import EmptyError, Interval, negate
from gdcli.calculus.interval.tape import Box, Tape


class Field:
    """H on boxes; None where a piece of f may not be smooth on the box, and so H may not exist."""

    def __init__(self, variables: Sequence[sympy.Symbol], hessian: Hessian, needs: Sequence[Need]) -> None:
        self.size = len(variables)
        self._keys = list(hessian.entries)
        self._needs = needs
        self._tape = Tape(variables, [*hessian.entries.values(), *(need.expr for need in needs)])
        # Beside the n^2 of the eigenvalues; the derivatives of log Gamma are series, 20 times as dear as a step.
        self.cost = self._tape.steps // 8 + 20 * sum(entry.count(sympy.polygamma) for entry in hessian.entries.values())

    def at(self, box: Box, *, negated: bool = False) -> Rows | None:
        """The rows of H (of -H) on a closed box around all of which f is smooth."""
        try:
            values = self._tape.run(box)
        except EmptyError:
            return None
        entries, conditions = values[: len(self._keys)], values[len(self._keys) :]
        if not all(map(_holds, self._needs, conditions)):
            return None
        rows: list[dict[int, Interval]] = [{} for _ in range(self.size)]
        for (i, j), entry in zip(self._keys, entries, strict=True):
            rows[i][j] = rows[j][i] = negate(entry) if negated else entry
        return rows


def _holds(need: Need, value: Interval) -> bool:
    low, high = value
    return low > 0.0 or (need.kind == "nonzero" and high < 0.0)
