"""`gdcli check EXPR --grad CLAIM`: is a claimed gradient right? And whole files of claims."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from gdcli.cli import github
from gdcli.cli.formula import names, read
from gdcli.cli.options import EVERY, Color, Format, Json, Memory, Quiet, Strict, Timeout, Vars, Verbose, terminal
from gdcli.cli.terminal import Terminal
from gdcli.errors import DataError, Exit, UsageError
from gdcli.language.budget import Budget
from gdcli.render import foot, load
from gdcli.results.check import CheckReport, CheckSummary, ClaimAnswer, ClaimsHead

FORMATS = (*EVERY, "junit")


def command(
    ctx: typer.Context,
    expression: Annotated[str | None, typer.Argument(metavar="[EXPR]", help='A formula, e.g. "x1**2*x2".')] = None,
    grad: Annotated[
        str | None,
        typer.Option("--grad", metavar="CLAIM", help='The claimed gradient: "2*x*y, x^2" or "x = 2*x*y, y = x^2".'),
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="FILE", help="A file of claims (- is standard input).")
    ] = None,
    wrt: Annotated[
        str | None, typer.Option("--wrt", metavar="X,Y", help="The claim is about these partials (default: all).")
    ] = None,
    vars: Vars = None,
    strict: Strict = False,
    timeout: Timeout = 10.0,
    memory: Memory = "2GiB",
    format: Format = "text",
    json: Json = False,
    color: Color = "auto",
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Is a claimed gradient right? Exit code 0, or 1 with a point where it is not.

    \b
    gdcli check "x1^2 x2" --grad "2*x1*x2, x1^2"      in order of the variables
    gdcli check "x^2 y" --grad "y = x^2, x = 2*x*y"   by name
    gdcli check "x^2 y" --wrt x --grad "2*x*y"        one partial
    gdcli check --file homework.txt                   a claim a line
    gdcli check --file homework.txt --format junit    for CI

    \b
    A file holds lines  EXPR => CLAIM  (blank lines and # comments are
    skipped) or JSON: [{"expr": "x^2", "grad": "2*x", "vars": "x"}, ...].
    Exit 1 if a claim is wrong, 2 if one cannot be read or checked.

    CSV has a line a partial: variable, claim, verdict, how, derivative, and where it is wrong at, claim_value and
    derivative_value. Of a file it has a line a claim: file, line, verdict, formula, wrong, error.
    """
    place = terminal(ctx)
    budget = Budget.of(timeout, memory)
    if file is not None:
        if (expression, grad, wrt, vars) != (None, None, None, None):
            raise UsageError(
                "--file goes without EXPR, --grad, --wrt and --vars", hint="the file holds formula and claim"
            )
        raise typer.Exit(_file(file, strict, budget, place))
    if expression is None or grad is None:
        raise UsageError(
            "a formula and its claimed gradient are needed", hint='gdcli check "x^2 y" --grad "2*x*y, x^2"'
        )
    raise typer.Exit(_one(expression, grad, wrt, vars, strict, budget, place))


def _one(
    expression: str, claim: str, wrt: str | None, vars: str | None, strict: bool, budget: Budget, place: Terminal
) -> Exit:
    from gdcli.calculus.check.claim import parse_claim
    from gdcli.calculus.check.report import check_report
    from gdcli.language.budget import within

    formula = read(expression, vars, strict, place)
    if not formula.variables:
        raise UsageError("the formula has no variables: it has no gradient", hint="name its variables with --vars")
    wanted = formula.variables if wrt is None else names(wrt, formula)
    claims = parse_claim(claim, wanted, formula.variables, strict)
    for note in dict.fromkeys(note for partial in claims.values() for note in partial.notes):
        place.note(str(note))
    report = within(check_report, formula, claims, budget=budget)
    place.emit(report)
    github.summarise(report, place)
    github.annotate_claim(ClaimAnswer("", "line", 1, report, None), place)
    return Exit.DONE if report.right else Exit.NOT_MET


def _file(file: str, strict: bool, budget: Budget, place: Terminal) -> Exit:
    renderer, look = load(place.format), place.look(place.stdout)
    answers: list[ClaimAnswer] = []
    try:
        for answer in _answers(file, strict, budget, place):
            if not answers:
                place.write(renderer.head(ClaimsHead(answer.file, answer.unit), look))
            answers.append(answer)
            place.write(renderer.step(answer, look))
            github.annotate_claim(answer, place)
    finally:
        # A table that was begun is closed, whatever ends it.
        if answers:
            place.write(foot(renderer, ClaimsHead(answers[0].file, answers[0].unit), look))
    if not answers:
        # A pipeline that checks nothing must not pass.
        raise DataError("there are no claims in this file", file=_name(file), hint="write EXPR => CLAIM on each line")
    verdicts = [answer.verdict for answer in answers]
    summary = CheckSummary(
        file=_name(file),
        claims=len(answers),
        right=verdicts.count("right"),
        proven=sum(_is_proven(answer.report) for answer in answers),
        wrong=verdicts.count("wrong"),
        bad=verdicts.count("bad"),
        answers=tuple(answers),
    )
    place.emit(summary if place.format in ("json", "junit") else replace(summary, answers=()))
    github.summarise(summary, place)
    return Exit.USAGE if summary.bad else Exit.NOT_MET if summary.wrong else Exit.DONE


def _is_proven(report: CheckReport | None) -> bool:
    return report is not None and all(partial.how == "proven" for partial in report.partials)


def _answers(file: str, strict: bool, budget: Budget, place: Terminal) -> Iterator[ClaimAnswer]:
    from gdcli.calculus.check.report import check_text
    from gdcli.cli.claims import Unreadable, entries
    from gdcli.cli.lines import attempt, failure
    from gdcli.language.worker import Worker

    name = _name(file)
    with _opened(file, place) as stream, Worker(budget) as worker:
        for entry in entries(stream, name):
            if isinstance(entry, Unreadable):
                yield ClaimAnswer(name, entry.unit, entry.number, None, failure(entry.error))
                continue
            job = (check_text, entry.expression, entry.claim, entry.variables, strict)
            report, error = attempt(lambda job=job: worker.run(*job))  # type: ignore[misc]
            yield ClaimAnswer(name, entry.unit, entry.number, report, error)


def _name(file: str) -> str:
    return "standard input" if file == "-" else file


def _opened(file: str, place: Terminal) -> AbstractContextManager[BinaryIO]:
    if file == "-":
        return nullcontext(place.stdin)
    try:
        return Path(file).open("rb")
    except OSError as error:
        from gdcli.data.source import near

        raise DataError(f"the file cannot be read: {error.strerror}", file=file, hint=near(Path(file))) from None
