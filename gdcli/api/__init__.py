"""The library's face: the commands as functions, and how their results look.

`import gdcli` offers all of it; each function imports what it uses when it is called.
"""

from __future__ import annotations

from gdcli.api.view import Rendered
from gdcli.results.result import Result

Result.view = Rendered()
