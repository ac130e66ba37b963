"""Text to syntax tree to expression: the one language of formulas, losses, models, schedules and points.

Importing this package and parsing load no sympy; `build`, `atoms`, `text` and `latex` do.
"""

from __future__ import annotations

import os

# Big-number C libraries abort the whole process on numbers they cannot hold; pure Python raises. This must
# stand before sympy is imported for the first time, and every road to sympy leads through this package.
os.environ["SYMPY_GROUND_TYPES"] = "python"
os.environ["MPMATH_NOGMPY"] = "1"

from gdcli.language.formula import Formula, parse
from gdcli.language.names import canonical
from gdcli.language.point import parse_point

__all__ = ["Formula", "canonical", "parse", "parse_point"]
