"""The library's face: the commands as functions, and their results in notebooks.

`import gdcli` offers all of it; each function imports what it uses when it is called.
"""

from __future__ import annotations

from gdcli.api.notebook import MathJax
from gdcli.results.result import Result

Result.notebook = MathJax()
