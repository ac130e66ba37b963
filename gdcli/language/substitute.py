"""Formulas put in the place of variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gdcli.language.formula import Formula, parse
from gdcli.language.recursion import deep
from gdcli.language.series import expand
from gdcli.language.tree import Node, Variable
from gdcli.language.tree_text import tree_text


def substituted(formula: Formula, values: Mapping[str, Node], variables: Sequence[str]) -> Formula:
    """The formula with each variable of `values` replaced, all at once, as a formula in `variables`.

    It is read again from its own text, so that bounds and spans hold for it too; FormulaError beyond them.
    """
    with deep():
        # Written out first: no index of a sum is left that a name could be taken for.
        whole = _put(expand(formula.tree, formula.source), values)
    return parse(tree_text(whole), variables=variables)


def _put(node: Node, values: Mapping[str, Node]) -> Node:
    if isinstance(node, Variable):
        return values.get(node.name, node)
    children = node.children
    return node.rebuilt(tuple(_put(child, values) for child in children)) if children else node
