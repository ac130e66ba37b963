"""From parsed formulas to the report on their composition. Runs in the worker process, as `calculus.report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gdcli.calculus.report import exact_place, quantity, written
from gdcli.errors import DomainError
from gdcli.language import Formula
from gdcli.language.recursion import deep
from gdcli.results.chain import AbsorptionStep, ChainReport, ComponentReport, MatrixReport, TapeEntry, TapeReport

if TYPE_CHECKING:
    from gdcli.calculus.chain.composition import Check, Composition, Matrix, Part
    from gdcli.calculus.chain.tape import Tape
    from gdcli.calculus.function import Function
    from gdcli.calculus.linearization import Linearization


@deep()
def chain_report(
    inner: Mapping[str, Formula], outer: Sequence[Formula], at: Mapping[str, Formula], taped: bool
) -> ChainReport:
    """The composition of `outer`, formulas in the names of `inner`, with `inner`, all in the same variables, at `at`.

    Raises DomainError where a part has no value or is not proven differentiable; DisagreementError, which no input
    should cause, where the chain rule and the direct derivative differ.
    """
    from gdcli.calculus.chain.composition import Composition
    from gdcli.calculus.smallo import absorption

    place = exact_place(at)
    found = Composition.at(inner, outer, place)
    if taped and not (found.inner.smooth and found.outer.smooth):
        raise DomainError(
            "there is no tape here: a piece of a formula is not smooth at the point",
            hint="leave --tape out, or choose a point beside it",
        )
    variables = found.composite[0].variables
    steps, outer_steps = ([step.name for step in linear.steps] for linear in (found.linear[0], found.outer.linear[0]))
    return ChainReport(
        variables=tuple(variable.name for variable in variables),
        at={name: quantity(number) for name, number in place.items()},
        inner=_components(found.inner.labels, found.inner.functions, found.inner.linear),
        outer=_components(found.outer.labels, found.outer.functions, found.outer.linear),
        inner_jacobian=_matrix(found.inner),
        outer_jacobian=_matrix(found.outer),
        product=_quantities(found.product),
        composed=_components(found.outer.labels, found.composite, found.linear),
        steps=tuple(steps),
        outer_steps=tuple(outer_steps),
        absorption=tuple(
            AbsorptionStep(step.statement, step.law)
            for step in absorption(found.inner.matrix, found.outer.matrix, len(variables))
        ),
        direct=tuple(tuple(map(written, _gradient(f))) for f in found.composite),
        agreement=_agreement(found.check()),
        symbols={name: written(_symbol(name)).latex for name in (*at, *inner, *steps, *outer_steps)},
        tapes=_tapes(found) if taped else (),
        warnings=tuple(note for formula in (*outer, *inner.values()) for note in formula.notes),
    )


def _symbol(name: str) -> Any:
    from gdcli.language.build import symbol

    return symbol(name)


def _gradient(function: Function) -> tuple[Any, ...]:
    from gdcli.calculus.gradient import gradient

    return gradient(function.expr, function.variables)


def _components(
    labels: Sequence[str], functions: Sequence[Function], linear: Sequence[Linearization]
) -> tuple[ComponentReport, ...]:
    triples = zip(labels, functions, linear, strict=True)
    return tuple(_component(label, function.expr, at) for label, function, at in triples)


def _component(label: str, expr: Any, linear: Linearization) -> ComponentReport:
    from gdcli.calculus.affine import affine

    variables = linear.function.variables
    terms = [(g, x, linear.point[x.name]) for g, x in zip(linear.gradient, variables, strict=True)]
    return ComponentReport(
        name=label,
        expression=written(expr),
        value=quantity(linear.value),
        tangent=affine(linear.value, terms),
        remainder=written(linear.remainder),
        order=linear.decay().order,
    )


def _matrix(part: Part) -> MatrixReport:
    return MatrixReport(tuple(tuple(map(written, row)) for row in part.jacobian), _quantities(part.matrix))


def _quantities(matrix: Matrix) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(map(quantity, row)) for row in matrix)


def _agreement(check: Check) -> str:
    at_point = "equal at the point, proven" if check.proven_at_point else "equal at the point in 60 digits"
    if check.formulas is None:
        return f"{at_point}; as formulas too long to compare"
    return f"{at_point}; as formulas {check.formulas}"


def _tapes(found: Composition) -> tuple[TapeReport, ...]:
    from gdcli.calculus.chain.tape import Tape

    inner = dict(zip(found.inner.labels, found.inner.functions, strict=True))
    outputs = zip(found.outer.labels, found.outer.functions, found.product, strict=True)
    return tuple(_tape(label, Tape.of(label, g, inner, found.point), row) for label, g, row in outputs)


def _tape(label: str, tape: Tape, expected: Sequence[Any]) -> TapeReport:
    """The tape in plain numbers. Raises DisagreementError where its gradient is not the chain rule's."""
    from gdcli.calculus.agreement import DisagreementError
    from gdcli.calculus.exact import sign_of

    for adjoint, entry in zip(tape.gradient(len(expected)), expected, strict=True):
        if sign_of(adjoint - entry) in (1, -1):
            raise DisagreementError(f"the tape gives {adjoint}, the chain rule {entry}")
    return TapeReport(
        name=label,
        letter=tape.letter,
        adjoint=tape.adjoint,
        output=tape.output + 1,
        entries=tuple(
            TapeEntry(
                number=k,
                names=tuple(entry.names),
                operation=None if entry.operation is None else written(entry.operation),
                value=quantity(entry.value),
                incoming=written(tape.incoming(entry)),
                adjoint=quantity(entry.adjoint),
            )
            for k, entry in enumerate(tape.entries, 1)
        ),
    )
