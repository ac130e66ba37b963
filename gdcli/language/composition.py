"""A composition out of its texts: outer and inner formulas, and the names by which they are joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gdcli.errors import UsageError
from gdcli.language.assignment import parse_assignment, parse_outputs
from gdcli.language.formula import Formula, declared
from gdcli.language.names import natural


def parse_composition(
    outer: str, inner: Sequence[str], *, variables: Sequence[str] | None = None, strict: bool = False
) -> tuple[dict[str, Formula], tuple[Formula, ...]]:
    """The inner formulas by name, all in the same variables, and the outer ones in those names."""
    order = None if variables is None else declared(variables)
    read = [parse_assignment(text, variables=order, strict=strict) for text in inner]
    names = _names([name for name, _ in read], inner, outer, strict)
    outputs = parse_outputs(outer, variables=names, strict=strict)
    shared = order if order is not None else sorted({v for _, f in read for v in f.variables}, key=natural)
    if not shared:
        raise UsageError(
            "the inner formulas are constants: there is nothing to differentiate in", hint="use a variable"
        )
    functions = {n: replace(f, variables=tuple(shared)) for n, (_, f) in zip(names, read, strict=True)}
    return functions, outputs


def _names(given: Sequence[str | None], inner: Sequence[str], outer: str, strict: bool) -> list[str]:
    """The inner names: given, or for a single unnamed formula the outer one's only variable."""
    if len(given) == 1 and given[0] is None:
        return [_only_variable(outer, strict)]
    names = []
    for name, text in zip(given, inner, strict=True):
        if name is None:
            raise UsageError(f"INNER {text!r} has no name", hint=f'give every inner formula one: "u = {text.strip()}"')
        if name in names:
            raise UsageError(f"two inner formulas are called {name}", hint="give each a name of its own")
        names.append(name)
    return names


def _only_variable(outer: str, strict: bool) -> str:
    found = sorted({name for formula in parse_outputs(outer, strict=strict) for name in formula.variables}, key=natural)
    if not found:
        raise UsageError("OUTER is a constant: nothing is composed", hint='write it in a variable: "sin u"')
    if len(found) > 1:
        hint = f'name it, and give the others too: "{found[0]} = ..." "{found[1]} = ..."'
        raise UsageError(
            f"OUTER has {len(found)} variables ({', '.join(found)}) and the inner formula no name", hint=hint
        )
    return found[0]
