"""The entries of the Hessian, and their values at the point if there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from gdcli.results.curvature import CurvatureReport


def columns(result: CurvatureReport) -> Sequence[str]:
    """The two variables, the second derivative, and its value at a point."""
    return ("row", "column", "formula") if result.point is None else ("row", "column", "formula", "value")


def rows(result: CurvatureReport) -> Iterator[Sequence[object]]:
    """Row by row; the value is empty where f is not smooth."""
    at = None if result.point is None else result.point.hessian
    for i, j in product(range(len(result.hessian)), repeat=2):
        value = None if at is None else at[i][j].value
        names = result.variables[i], result.variables[j]
        yield *names, result.hessian[i][j].text, *([] if result.point is None else [value])
