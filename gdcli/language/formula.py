"""A formula: its text, its tree, its variables, and how doubtful places were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gdcli.errors import UsageError
from gdcli.language.bounds import DEPTH, LIMIT_HINT, NODES
from gdcli.language.calls import Parser
from gdcli.language.latex_tokens import fused, is_latex
from gdcli.language.lexer import tokenize
from gdcli.language.names import as_product, canonical, natural
from gdcli.language.recognise import NOTES, recognised
from gdcli.language.recursion import deep
from gdcli.language.series import expand
from gdcli.language.tree import Node, Variable, walk

NAMES_COMPARED = 100


@dataclass(frozen=True, slots=True)
class Formula:
    """What was read: source text, syntax tree, variables in order, and notes on doubtful readings."""

    source: str
    tree: Node
    variables: tuple[str, ...]
    notes: tuple[str, ...]

    def _repr_latex_(self) -> str:
        """The formula as a notebook shows it."""
        from gdcli.language.tree_latex import tree_latex

        return f"$$\n{tree_latex(self.tree)}\n$$"


def parse(text: str, *, variables: Sequence[str] | None = None, strict: bool = False) -> Formula:
    """Read a formula.

    `variables` fixes their order and makes any other name an error; by default they are those of the text, x2
    before x10. With `strict` an ambiguous reading (1/2x) is an error, else a note. Raises FormulaError with the
    span, UsageError for impossible `variables`.
    """
    known = None if variables is None else declared(variables)
    with deep():
        parser = Parser(text, tokenize(text, known or ()), known, strict=strict)
        tree = parser.formula()
    _check_size(parser, tree)
    if is_latex(text):
        _note_products(parser)
    found = _scan(parser, expand(tree, text))
    ordered = tuple(sorted(found, key=natural)) if known is None else known
    return Formula(text, tree, ordered, tuple(parser.notes))


def declared(variables: Sequence[str]) -> tuple[str, ...]:
    """The canonical names, each once; UsageError otherwise."""
    names = tuple(canonical(name) for name in variables)
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"the variable {name} is given twice", hint="name each variable once")
    return names


def _check_size(parser: Parser, tree: Node) -> None:
    for count, (node, depth) in enumerate(walk(tree), 1):
        if depth > DEPTH:
            parser.fail(f"the formula nests deeper than {DEPTH}", node.span, LIMIT_HINT)
        if count > NODES:
            parser.fail(f"the formula has more than {NODES} parts", node.span, LIMIT_HINT)


def _scan(parser: Parser, expanded: Node) -> set[str]:
    known = None if parser.known is None else frozenset(parser.known)
    names: set[str] = set()
    for node, _ in walk(expanded):
        if isinstance(node, Variable):
            if known is not None and node.name not in known:
                parser.unknown(node.name, node.span)
            names.add(node.name)
        elif stable := recognised(node):
            parser.note(NOTES[stable.name])
    _note_names(parser, names)
    return names


def _note_products(parser: Parser) -> None:
    for run in fused(parser.source, parser.tokens):
        word = parser.source[run[0].start : run[-1].end]
        letters = "*".join(token.text for token in run)
        parser.note(rf"{word} is read as {letters}; write \mathrm{{{word}}} for one name")


def _note_names(parser: Parser, names: set[str]) -> None:
    """Say of xy beside x and y that it is a variable of its own."""
    if parser.known is not None or len(names) > NAMES_COMPARED:
        return
    for name in sorted(names):
        product = as_product(name, names - {name})
        if product:
            parser.note(f"{name} is one variable; write {'*'.join(product)} for a product")
