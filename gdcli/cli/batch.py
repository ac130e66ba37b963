"""`gdcli grad -`: a formula a line on standard input, an answer a line in JSON, as they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from gdcli.cli.formula import names, read_point, split_names
from gdcli.cli.lines import attempt, failure, numbered
from gdcli.cli.terminal import Terminal
from gdcli.errors import DataError, Exit, UsageError
from gdcli.language import parse
from gdcli.language.budget import Budget
from gdcli.language.worker import Worker
from gdcli.render import load
from gdcli.results.grad import BatchAnswer, GradientReport

FORMATS = ("text", "json", "ndjson")


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for, the same for every formula."""

    at: str | None
    wrt: str | None
    vars: str | None
    strict: bool
    steps: bool


def batch(options: Options, budget: Budget, place: Terminal) -> Exit:
    """Answer every line; a line that has no answer gets an error line and the last exit code is then 2 (or 4)."""
    if place.format not in FORMATS:
        raise UsageError(f"gdcli grad - answers in JSON lines, not as {place.format}", hint="leave --format out")
    renderer, look = load("ndjson"), place.look(place.stdout)
    answered, failures = 0, []
    for answer in _answers(options, budget, place):
        place.write(renderer.result(answer, look))
        answered += 1
        if answer.error is not None:
            failures.append(answer.error.exit)
    if failures:
        place.note(f"{len(failures)} of {answered} formulas have no answer: their lines hold the error")
    return Exit(min(failures)) if failures else Exit.DONE


def _answers(options: Options, budget: Budget, place: Terminal) -> Iterator[BatchAnswer]:
    with Worker(budget) as worker:
        for number, line in numbered(place.stdin, "standard input"):
            if isinstance(line, DataError):
                yield BatchAnswer(number, None, failure(line))
            else:
                yield BatchAnswer(number, *attempt(partial(_report, line, options, worker)))


def _report(text: str, options: Options, worker: Worker) -> GradientReport:
    from gdcli.calculus.report import gradient_report

    order = None if options.vars is None else split_names("--vars", options.vars)
    formula = parse(text, variables=order, strict=options.strict)
    point = None if options.at is None else read_point(options.at, formula)
    wanted = None if options.wrt is None else names(options.wrt, formula)
    return worker.run(gradient_report, formula, point, wanted, options.steps)
