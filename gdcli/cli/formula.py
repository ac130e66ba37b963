"""What the commands on formulas share: the formula, its point and its variables out of their options."""

from __future__ import annotations

from gdcli.cli.terminal import Terminal
from gdcli.errors import FormulaError, UsageError
from gdcli.language import Formula, canonical, parse, parse_point
from gdcli.suggest import suggestion


def read(expression: str, variables: str | None, strict: bool, place: Terminal) -> Formula:
    """The formula, its notes said on stderr."""
    order = None if variables is None else [canonical(name) for name in split_names("--vars", variables)]
    formula = parse(expression, variables=order, strict=strict)
    for note in formula.notes:
        place.note(str(note))
    return formula


def read_point(at: str, formula: Formula) -> dict[str, Formula]:
    """The coordinates of a point for every variable of the formula."""
    if not formula.variables:
        raise UsageError("--at: the formula has no variables", hint="name one with --vars, or leave --at out")
    return parse_point(at, formula.variables)


def read_vector(option: str, vector: str, formula: Formula) -> dict[str, Formula]:
    """One number for every variable of the formula: a slope or a direction. Errors name the option."""
    try:
        return read_point(vector, formula)
    except FormulaError as error:
        error.message = f"{option}: {error.message}"
        raise


def names(wrt: str, formula: Formula) -> tuple[str, ...]:
    """The variables of --wrt. Raises UsageError for one that is not in the formula, or comes twice."""
    wanted = tuple(canonical(name) for name in split_names("--wrt", wrt))
    for name in wanted:
        if name not in formula.variables:
            known = ", ".join(formula.variables) or "none: it is a constant"
            hint = f"{suggestion(name, formula.variables)}its variables are {known}"
            raise UsageError(f"--wrt {name}: the formula has no variable {name}", hint=hint)
    if len(set(wanted)) < len(wanted):
        raise UsageError(f"--wrt {wrt}: a variable comes twice", hint="name each variable once")
    return wanted


def split_names(option: str, text: str) -> list[str]:
    """The names of a list with commas or spaces, the value of `option`. Raises UsageError where there is none."""
    found = text.replace(",", " ").split()
    if not found:
        raise UsageError(f"{option} names no variable", hint=f"give one or more: {option} x,y")
    return found
