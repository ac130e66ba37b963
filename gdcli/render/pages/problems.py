"""The bundled problems: a table of all, or one card."""

from __future__ import annotations

from collections.abc import Iterator

from gdcli.render.pages.blocks import Block, Heading, table
from gdcli.render.text.problems import entries
from gdcli.results.problems import ProblemList, ProblemSummary


def result(result: ProblemList | ProblemSummary) -> Iterator[Block]:
    """A line a problem; of one alone everything."""
    if isinstance(result, ProblemSummary):
        yield Heading((result.name,))
        yield table("lp", ("name", result.name), entries(result))
        return
    yield Heading(("Bundled problems",))
    rows = [(each.name, each.rows, each.features, each.loss, each.title) for each in result.problems]
    yield table("lrrlp", ("name", "rows", "features", "loss", "shows"), rows)
