"""The bundled problems for people."""

from __future__ import annotations

import textwrap

from gdcli.render import Look
from gdcli.results.problems import ProblemList, ProblemSummary


def result(result: ProblemList | ProblemSummary, look: Look) -> str:
    """A table of all problems, or one card."""
    return _table(result, look) if isinstance(result, ProblemList) else _card(result, look)


def _table(listing: ProblemList, look: Look) -> str:
    names = max(len(problem.name) for problem in listing.problems)
    title = f"{'name'.ljust(names)}  {'rows':>7}  {'features':>8}  {'loss':<8}  shows"
    lines = [look.paint(title, "bold")]
    for problem in listing.problems:
        start = f"{problem.name.ljust(names)}  {problem.rows:>7}  {problem.features:>8}  {problem.loss:<8}  "
        lines += textwrap.wrap(start + problem.title, look.width, subsequent_indent=" " * len(start))
    return "\n".join([*lines, "", "gdcli problems NAME shows one; gdcli descend NAME runs it"]) + "\n"


def _card(problem: ProblemSummary, look: Look) -> str:
    lines = [look.paint(problem.name, "bold")]
    for label, value in entries(problem):
        lines += textwrap.wrap(f"{label:<16}{value}", look.width, initial_indent="  ", subsequent_indent=" " * 18)
    return "\n".join(lines) + "\n"


def entries(problem: ProblemSummary) -> list[tuple[str, str]]:
    """The card, line by line."""
    optimum = "unknown" if problem.risk_optimum is None else f"{problem.risk_optimum!r}"
    status = "" if problem.attained else " (an infimum, not attained)"
    return [
        ("title", problem.title),
        ("rows x features", f"{problem.rows} x {problem.features}"),
        ("target", problem.target),
        ("loss", problem.loss),
        ("R*", optimum + status),
        ("shows", problem.shows),
        ("origin", problem.origin),
        ("licence", problem.licence),
        ("file", problem.file or "made on demand"),
    ]
