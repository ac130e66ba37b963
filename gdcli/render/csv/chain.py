"""The entries of the Jacobians Df of the inner and Dg of the outer map, and of their product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.results.chain import ChainReport, MatrixReport


def columns(result: ChainReport) -> Sequence[str]:
    """The matrix, the component of its row, the variable of its column, the entry as a formula and as a number."""
    return "jacobian", "component", "variable", "formula", "value"


def rows(result: ChainReport) -> Iterator[Sequence[object]]:
    """The product's formulas are those of the substituted map."""
    inner, outer = ([part.name for part in parts] for parts in (result.inner, result.outer))
    yield from _entries("inner", inner, result.variables, result.inner_jacobian)
    yield from _entries("outer", outer, inner, result.outer_jacobian)
    yield from _entries("product", outer, result.variables, MatrixReport(result.direct, result.product))


def _entries(
    name: str, components: Sequence[str], variables: Sequence[str], jacobian: MatrixReport
) -> Iterator[Sequence[object]]:
    for component, formulas, numbers in zip(components, jacobian.formulas, jacobian.at, strict=True):
        for variable, formula, number in zip(variables, formulas, numbers, strict=True):
            yield name, component, variable, formula.text, number.value
