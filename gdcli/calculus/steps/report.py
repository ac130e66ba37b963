"""The steps to each partial derivative as plain Python, ending in exactly the form that is printed."""

from __future__ import annotations

from collections.abc import Mapping

import sympy

from gdcli.calculus.agreement import agreement
from gdcli.calculus.steps.held import Held
from gdcli.calculus.steps.walk import Step, steps
from gdcli.language import Formula
from gdcli.language.latex import latex
from gdcli.language.text import text
from gdcli.language.tree_latex import tree_latex
from gdcli.language.tree_text import tree_text
from gdcli.results.common import DerivativeStep

SIMPLIFICATION = "simplification"


def derivative_steps(formula: Formula, partials: Mapping[str, sympy.Expr]) -> dict[str, tuple[DerivativeStep, ...]]:
    """For each variable the rules applied to the formula as typed, then the simplification to the printed partial.

    Raises DisagreementError where the rules and the printed partial differ, UsageError where the steps are too many.
    """
    held = Held()
    return {name: _steps(formula, name, partial, held) for name, partial in partials.items()}


def _steps(formula: Formula, name: str, partial: sympy.Expr, held: Held) -> tuple[DerivativeStep, ...]:
    applied = steps(formula.tree, name, held)
    symbol = r"\partial" if len(formula.variables) > 1 else "d"
    operator = rf"\frac{{{symbol}}}{{{symbol} {latex(sympy.Symbol(name))}}}"
    shown = [_written(step, operator) for step in applied]
    equal = agreement(applied[-1].gives, partial, formula.variables)
    if shown[-1].gives == text(partial):
        return tuple(shown)
    before = applied[-1].gives
    last = DerivativeStep(
        rule=SIMPLIFICATION,
        law=str(equal),
        of=tree_text(before),
        gives=text(partial),
        latex=f"{tree_latex(before)} = {latex(partial)}",
        depth=0,
        uses=(len(shown),),
    )
    return (*shown, last)


def _written(step: Step, operator: str) -> DerivativeStep:
    return DerivativeStep(
        rule=", ".join(step.rule.names),
        law=step.rule.law,
        of=tree_text(step.of),
        gives=tree_text(step.gives),
        latex=rf"{operator}\left[{tree_latex(step.of)}\right] = {tree_latex(step.gives)}",
        depth=step.depth,
        uses=tuple(place + 1 for place in step.uses),
    )
