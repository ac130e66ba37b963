"""Derivatives written so that they run well: no quotient of overflows, no difference of nearly equal numbers."""

from __future__ import annotations

import sympy as sp

from gdcli.language.atoms import relu, sigmoid


def tidied(expression: sp.Expr) -> sp.Expr:
    """sinh(u)^n/cosh(u)^n as tanh(u)^n, and relu(u) without the factor that is 1 exactly where relu(u) > 0."""
    return expression.replace(lambda node: node.is_Mul, lambda node: _without_step(_with_tanh(node)))


def without_cancellation(expression: sp.Expr) -> sp.Expr:
    """1 - sigmoid(u) as sigmoid(-u) and 1 - tanh(u)^2 as 4 sigmoid(2u) sigmoid(-2u): far out both differences are 0."""
    expression = expression.replace(
        lambda node: _is_one_minus(node, sigmoid),
        lambda node: sigmoid(-(1 - node).args[0]),
    )
    return expression.replace(
        lambda node: _is_one_minus(node, sp.Pow) and _is_squared_tanh(1 - node),
        lambda node: _squared_sech((1 - node).base.args[0]),
    )


def _is_one_minus(node: sp.Basic, kind: type) -> bool:
    return bool(node.is_Add and len(node.args) == 2 and sp.S.One in node.args and isinstance(1 - node, kind))


def _is_squared_tanh(node: sp.Pow) -> bool:
    return bool(node.exp == 2 and isinstance(node.base, sp.tanh))


def _squared_sech(u: sp.Expr) -> sp.Expr:
    return 4 * sigmoid(2 * u) * sigmoid(-2 * u)


def _with_tanh(node: sp.Expr) -> sp.Expr:
    powers = node.as_powers_dict()
    for base, exponent in list(powers.items()):
        if isinstance(base, sp.sinh) and powers.get(sp.cosh(base.args[0]), 0) == -exponent:
            ratio = sp.sinh(base.args[0]) / sp.cosh(base.args[0])
            node = node / ratio**exponent * sp.tanh(base.args[0]) ** exponent
    return node


def _without_step(node: sp.Expr) -> sp.Expr:
    """Where relu(u) is 0 the factor's value does not matter."""
    inner = [factor.args[0] for factor in sp.Mul.make_args(node) if isinstance(factor, relu)]
    kept = [factor for factor in sp.Mul.make_args(node) if not any(_is_step(factor, u) for u in inner)]
    return sp.Mul(*kept)


def _is_step(factor: sp.Expr, u: sp.Expr) -> bool:
    """Whether factor is 1 for u > 0, else 0."""
    if not isinstance(factor, sp.Piecewise) or [value for value, _ in factor.args] != [1, 0]:
        return False
    condition = factor.args[0][1]
    return bool(isinstance(condition, (sp.StrictGreaterThan, sp.StrictLessThan)) and condition.gts - condition.lts == u)
