r"""Results in a notebook: formulas as MathJax and KaTeX set them, runs and rates as Markdown.

They know `aligned` between double dollars; `align*` is an environment of its own in LaTeX alone, and `tabular` is none
of theirs.
"""

from __future__ import annotations

import re

from gdcli.results.result import Result

FORMULAS = ("grad", "derive", "tangent", "chain", "steepest", "differentiable", "curvature", "check", "minimize")
_ALIGN = re.compile(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", re.DOTALL)


class MathJax:
    """What a notebook shows: LaTeX for the results about a formula, Markdown for the others."""

    def latex(self, result: Result) -> str | None:
        """The equations of --format latex, without its tables; None for what has no formula, or only long ones."""
        from gdcli.render import Look, load

        if not _has_formulas(result):
            return None
        blocks = _ALIGN.findall(load("latex").result(result, Look()))
        return "\n\n".join(f"$$\n\\begin{{aligned}}\n{block}\n\\end{{aligned}}\n$$" for block in blocks) or None

    def markdown(self, result: Result) -> str | None:
        """The page of --format markdown."""
        from gdcli.render import Look
        from gdcli.render.github import summary

        return None if _has_formulas(result) else summary(result, Look())


def _has_formulas(result: Result) -> bool:
    from gdcli.results.check import CheckSummary

    return getattr(result, "command", "") in FORMULAS and not isinstance(result, CheckSummary)
