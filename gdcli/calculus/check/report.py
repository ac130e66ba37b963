"""From a formula and a claimed gradient to a report of plain Python. Runs in the worker process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gdcli.calculus.check.claim import Claim, parse_claim
from gdcli.errors import UsageError
from gdcli.language import Formula, canonical, parse
from gdcli.language.recursion import deep
from gdcli.results.check import CheckedPartial, CheckReport, Counterexample
from gdcli.results.common import Quantity, Written

if TYPE_CHECKING:
    from gdcli.calculus.check.compare import Difference, Verdict


def check_text(expression: str, claim: Claim, variables: tuple[str, ...] | None, strict: bool) -> CheckReport:
    """The report on a claim as it stands in a file."""
    order = None if variables is None else [canonical(name) for name in variables]
    formula = parse(expression, variables=order, strict=strict)
    if not formula.variables:
        raise UsageError("the formula has no variables: it has no gradient", hint="name its variables")
    return check_report(formula, parse_claim(claim, formula.variables, formula.variables, strict))


@deep()
def check_report(formula: Formula, claims: Mapping[str, Formula]) -> CheckReport:
    """Whether each of `claims`, by variable, is the partial derivative of the formula.

    Raises DomainError where f has a value nowhere that was tried.
    """
    from gdcli.calculus.check.compare import Domain, compare
    from gdcli.calculus.function import Function
    from gdcli.calculus.gradient import gradient
    from gdcli.calculus.report import written
    from gdcli.language.build import symbol
    from gdcli.language.tree_latex import tree_latex
    from gdcli.language.tree_text import tree_text

    function = Function.of(formula)
    claimed = {name: Function.of(claim) for name, claim in claims.items()}
    partials = gradient(function.expr, [symbol(name) for name in claims])
    domain = Domain(function, list(claimed.values()))
    checked = []
    for (name, claim), partial in zip(claimed.items(), partials, strict=True):
        verdict = compare(function, name, partial, claim, domain)
        checked.append(
            CheckedPartial(
                variable=name,
                claim=Written(tree_text(claim.tree), tree_latex(claim.tree)),
                truth=written(partial),
                right=verdict.difference is None,
                how=_how(verdict),
                points=verdict.points,
                counterexample=_counterexample(verdict.difference),
                notes=verdict.notes,
            )
        )
    return CheckReport(
        expression=written(function.expr),
        variables=tuple(formula.variables),
        right=all(partial.right for partial in checked),
        partials=tuple(checked),
        symbols={v.name: written(v).latex for v in function.variables},
        warnings=tuple(dict.fromkeys(str(note) for read in (formula, *claims.values()) for note in read.notes)),
    )


def _how(verdict: Verdict) -> str:
    return "counterexample" if verdict.difference is not None else "proven" if verdict.proven else "digits"


def _counterexample(difference: Difference | None) -> Counterexample | None:
    import sympy

    from gdcli.calculus.report import quantity

    if difference is None:
        return None
    at = {name: quantity(sympy.Rational(value)) for name, value in difference.point.items()}
    claimed = (
        Quantity(None, None, f"no value: {difference.reason}")
        if difference.claimed is None
        else quantity(difference.claimed)
    )
    return Counterexample(at, quantity(difference.truth), claimed)
