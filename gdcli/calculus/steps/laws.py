"""The law behind each function's step, in the letters u, v and n."""

from __future__ import annotations

from collections.abc import Sequence

from gdcli.calculus.steps.functions import FORMULAS, template
from gdcli.calculus.steps.nodes import NOWHERE, product
from gdcli.language.tree import Call, Node, Variable
from gdcli.language.tree_text import tree_text

OWN = {
    "log": "log(u, v)' = u'/(u*log(v)) - log(u)*v'/(v*log(v)**2)",
    "atan2": "atan2(u, v)' = (v*u' - u*v')/(u**2 + v**2)",
    "root": "root(u, n)' = u'/(n*root(u, n)**(n - 1))",
    "polygamma": "polygamma(n, u)' = polygamma(n + 1, u)*u'",
    "norm": "norm(u, v, ...)' = (u*u' + v*v' + ...)/norm(u, v, ...)",
    "logsumexp": "logsumexp(u, v, ...)' = exp(u - logsumexp(u, v, ...))*u' + ...",
    "dot": "dot(u, v)' = dot(u', v) + dot(u, v')",
    "max": "max(u, v)' = u' where u > v, v' where v > u",
    "min": "min(u, v)' = u' where u < v, v' where v < u",
}
BASE = "log(u, b)' = u'/(u*log(b))"


def law_of_call(call: Call, varying: Sequence[Node], chain: bool) -> str:
    """The law of a call of which `varying` are no constants; u' is inside it where the chain rule works."""
    if call.name == "log" and len(call.arguments) == 2 and call.arguments[1] not in varying:
        return BASE
    if (call.name in OWN and len(call.arguments) > 1) or call.name not in FORMULAS:
        return OWN[call.name]
    (formula,) = FORMULAS[call.name]
    outer = template(formula)
    whole = product([outer, Variable(NOWHERE, "u'")]) if chain else outer
    return f"{call.name}(u)' = {tree_text(whole)}"
