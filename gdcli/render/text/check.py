"""A claimed gradient for people: each partial right or wrong, with the proof or the point; a file a line a claim."""

from __future__ import annotations

from gdcli.render import Look
from gdcli.render.text.calculus import equation, number, paragraph, place, signature
from gdcli.results.check import CheckedPartial, CheckReport, CheckSummary, ClaimAnswer, ClaimsHead, Counterexample
from gdcli.results.common import Quantity

LONGEST = 48
"""Characters of an exact number up to which it stands beside its decimals."""


def head(head: ClaimsHead, look: Look) -> str:
    """Nothing: the first line is the first claim's."""
    return ""


def step(answer: ClaimAnswer, look: Look) -> str:
    """One claim of a file on one line: FILE:LINE: ok, WRONG and where, or BAD and why."""
    where = f"{answer.file}:{answer.number}" if answer.unit == "line" else f"{answer.file}: item {answer.number}"
    return f"{where}: {verdict(answer, look)}\n"


def verdict(answer: ClaimAnswer, look: Look) -> str:
    """What is found of one claim: ok, WRONG and where, or BAD and why."""
    if answer.report is None:
        message = "" if answer.error is None else answer.error.message
        return f"{look.paint('BAD', 'bold yellow')} {message}"
    if answer.report.right:
        return f"{look.paint('ok', 'green')} ({weakest(answer.report)})"
    return f"{look.paint('WRONG', 'bold red')} {briefly(answer.report)}"


def result(result: CheckReport | CheckSummary, look: Look) -> str:
    """The page of one claim, or the count of a file's."""
    if isinstance(result, CheckSummary):
        counts = f"{result.right} right ({result.proven} proven), {result.wrong} wrong, {result.bad} bad"
        return f"{result.claims} claim{'' if result.claims == 1 else 's'}: {counts}\n"
    blocks = [equation(signature(result.variables), result.expression.text, look)]
    blocks += [_partial(partial, look) for partial in result.partials]
    return "\n\n".join("\n".join(block) for block in [*blocks, _verdict(result, look)]) + "\n"


def _verdict(result: CheckReport, look: Look) -> list[str]:
    if result.right:
        return [look.paint(f"The claim is right ({weakest(result)}).", "bold green")]
    wrong = [f"df/d{partial.variable}" for partial in result.partials if not partial.right]
    return [look.paint(line, "bold red") for line in paragraph(f"The claim is wrong: {', '.join(wrong)}.", look)]


def _partial(partial: CheckedPartial, look: Look) -> list[str]:
    left = f"df/d{partial.variable}"
    lines = equation(left, partial.claim.text, look, indent=2)
    if partial.counterexample is None:
        lines += paragraph(f"right: {_evidence(partial)}", look, indent=6)
    else:
        lines += paragraph(_difference(left, partial.counterexample), look, indent=6)
        lines += equation(f"right is {left}", partial.truth.text, look, indent=6)
    return lines + [line for note in partial.notes for line in paragraph(note, look, indent=6)]


def _evidence(partial: CheckedPartial) -> str:
    if partial.how == "proven":
        return "proven equal"
    points = f"{partial.points} random point{'' if partial.points == 1 else 's'}"
    return f"equal at {points} to 50 digits: not a proof"


def weakest(report: CheckReport) -> str:
    """What the whole verdict rests on: the partial with the weakest evidence."""
    weakest = min(report.partials, key=lambda partial: (partial.how == "proven", partial.points))
    return _evidence(weakest)


def _difference(left: str, found: Counterexample) -> str:
    claimed = f"gives {_shown(found.claim)}"
    if found.claim.exact is None:
        claimed = f"has {found.claim.reason}"
    return f"WRONG at {place(found.at)}: {left} is {_shown(found.truth)}, the claim {claimed}"


def _shown(quantity: Quantity) -> str:
    long = quantity.exact is not None and len(quantity.exact.text) > LONGEST and quantity.value is not None
    return f"about {quantity.value:.12g}" if long else number(quantity)


def briefly(report: CheckReport) -> str:
    """Each wrong partial with the point that shows it."""
    found = [(f"df/d{partial.variable}", partial.counterexample) for partial in report.partials]
    return "; ".join(_difference(left, point).removeprefix("WRONG ") for left, point in found if point is not None)
