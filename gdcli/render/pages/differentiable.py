r"""The verdict: f, its partials at the point, and the bound or the limit along a path that decides."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Formulas, Heading, Remark
from gdcli.render.pages.calculus import call, number, numbers, words
from gdcli.render.pages.decay import decay_table
from gdcli.results.differentiable import DifferentiabilityReport, Finding, PowerBound, WitnessPath

Row = tuple[str, str, str]
"""Left side, relation, right side."""


def result(result: DifferentiabilityReport) -> Iterator[Block]:
    """One block of formulas, the reasons in words, and the decay table where nothing was decided."""
    yield Heading((f"Differentiable: {result.differentiable.answer}",))
    variables = [result.symbols[name] for name in result.variables]
    equalities = [(call("f", variables), result.expression.latex), *numbers(result.point, result.symbols)]
    rows: list[Row] = [(left, "=", right) for left, right in equalities]
    for name, finding in result.findings.items():
        rows.append((words(name), ":", words(finding.answer)))
        rows += _reason(finding, result)
    yield Formulas(tuple(f"{left} &{relation} {right}" for left, relation, right in rows))
    for name, finding in result.findings.items():
        if finding.reasons:
            yield Remark((f"{name}: {' '.join(finding.reasons)}",))
    if result.decay:
        yield decay_table(result.decay_of.replace("x0", "x_0"), result.directions, result.decay)


def _reason(finding: Finding, result: DifferentiabilityReport) -> list[Row]:
    if finding.bound is not None:
        return [_bound(finding.bound, len(result.variables))]
    if finding.witness is not None and finding.how in ("witness", "edge"):
        return _witness(finding.witness, result)
    return []


def _bound(bound: PowerBound, d: int) -> Row:
    norm = r"\left|h\right|" if d == 1 else r"\left\|h\right\|"
    what = r"r\left(h\right)" if bound.of == "r(h)" else r"f\left(x_0 + h\right) - f\left(x_0\right)"
    limit = rf"{bound.constant:g} \, {norm}^{{{bound.order}}} \quad \left({norm} \le {bound.radius:g}\right)"
    return rf"\left|{what}\right|", r"\le", limit


def _witness(witness: WitnessPath, result: DifferentiabilityReport) -> list[Row]:
    places = ", ".join(f"{result.symbols[name]} = {place.latex}" for name, place in witness.path.items())
    path: Row = (words("along"), ":", rf"{places}, \quad t \to 0^+")
    if witness.kind == "undefined":
        return [path, ("f", ":", words("not defined"))]
    if witness.angle is not None:
        turns = zip(witness.phases, witness.limits, strict=True)
        return [
            path,
            *(("f", r"\to", rf"{number(y)} \quad ({witness.angle.latex} = {p.latex} + 2 \pi n)") for p, y in turns),
        ]
    if witness.limit is None or witness.ratio is None:
        return [path, *([("f", r"\to", number(witness.limit))] if witness.limit else [])]
    remainder = r"\frac{r\left(h\right)}{\left\|h\right\|}"
    return [path, (remainder, r"\to", number(witness.ratio))]
