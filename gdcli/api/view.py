"""How results look: printed as the command prints them, in a notebook as formulas of MathJax and KaTeX, or Markdown.

Both know `aligned` between double dollars; `align*` is an environment of LaTeX's own, and `tabular` is none of theirs.
"""

from __future__ import annotations

from gdcli.results.result import Result

FORMULAS = ("grad", "derive", "tangent", "chain", "steepest", "differentiable", "curvature", "check", "minimize")


class Rendered:
    """What a renderer makes of a result; a notebook shows LaTeX of results about a formula, Markdown of the others."""

    def text(self, result: Result) -> str:
        """The page of --format text; of a run its end."""
        from gdcli.render import Look, load

        return load("text").result(result, Look()).strip("\n")

    def latex(self, result: Result) -> str | None:
        """The equations of the result's page, without its tables and remarks."""
        from gdcli.render import pages
        from gdcli.render.pages.blocks import Formulas

        if not _has_formulas(result):
            return None
        blocks = [block.rows for block in pages.result(result) if isinstance(block, Formulas)]
        return "\n\n".join("$$\n\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}\n$$" for rows in blocks)

    def markdown(self, result: Result) -> str | None:
        """The page of --format markdown; of a run with its log."""
        from gdcli.render.whole import page

        return None if _has_formulas(result) else page(result)


def _has_formulas(result: Result) -> bool:
    from gdcli.results.check import CheckSummary

    return getattr(result, "command", "") in FORMULAS and not isinstance(result, CheckSummary)
