"""Expressions that overflow although their value is small, and the stable atoms that stand for them."""

from __future__ import annotations

from fractions import Fraction

from gdcli.language.tree import Call, Constant, Negate, Node, Number, Power, Quotient, Sum

NOTES = {
    "softplus": "log(1 + exp(u)) is computed as softplus(u), which does not overflow",
    "sigmoid": "1/(1 + exp(-u)) is computed as sigmoid(u), which does not overflow",
}


def recognised(node: Node) -> Call | None:
    """softplus(u) for log(1 + exp(u)), sigmoid(u) for 1/(1 + exp(-u)), else None."""
    match node:
        case Call(name="log", arguments=(argument,)):
            u = _one_plus_exp(argument)
            return None if u is None else Call(node.span, "softplus", (u,))
        case Quotient(numerator=one, denominator=denominator) if _is_one(one):
            return _sigmoid(node, denominator)
        case Power(base=base, exponent=Negate(operand=one)) if _is_one(one):
            return _sigmoid(node, base)
    return None


def _sigmoid(node: Node, denominator: Node) -> Call | None:
    u = _one_plus_exp(denominator)
    if u is None:
        return None
    return Call(node.span, "sigmoid", (u.operand if isinstance(u, Negate) else Negate(u.span, u),))


def _one_plus_exp(node: Node) -> Node | None:
    match node:
        case Sum(terms=(a, b)):
            return _exponent(b) if _is_one(a) else _exponent(a) if _is_one(b) else None
    return None


def _exponent(node: Node) -> Node | None:
    match node:
        case Call(name="exp", arguments=(u,)):
            return u
        case Power(base=Constant(name="e"), exponent=u):
            return u
    return None


def _is_one(node: Node) -> bool:
    return isinstance(node, Number) and node.value == Fraction(1)
