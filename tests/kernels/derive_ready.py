"""Rewrite gdcli/kernels/ready.py: `python -m tests.kernels.derive_ready`, after a change of a built-in formula."""

from __future__ import annotations

from pathlib import Path

import gdcli.kernels
from gdcli.descent.schedules import ARGUMENTS, READY
from gdcli.kernels.derived import Derived
from gdcli.kernels.source import derive
from gdcli.risk.losses import LOSSES

HEAD = '''"""The built-in formulas, derived ahead of time: made by tests/kernels/derive_ready.py, held by a test."""

from __future__ import annotations

from gdcli.kernels.derived import Derived

READY = (
'''
LINE = 120
READY_FILE = Path(gdcli.kernels.__file__).parent / "ready.py"


def built_in() -> list[tuple[str, tuple[str, ...], int]]:
    """Formula, arguments and order of what ships derived."""
    losses = [(loss.formula, ("p", "y"), 2) for loss in LOSSES.values()]
    offsets = [(loss.growth.offset, ("y",), 0) for loss in LOSSES.values() if loss.growth is not None]
    return [*losses, *offsets, *((formula, ARGUMENTS, 0) for formula in READY)]


def page() -> str:
    """The text of ready.py."""
    return HEAD + "".join(_entry(derive(*what)) for what in built_in()) + ")\n"


def _entry(derived: Derived) -> str:
    return (
        "    Derived(\n"
        f"        formula={_quoted(derived.formula)},\n"
        f"        arguments={_tuple(derived.arguments)},\n"
        f"        shown={_wrapped(derived.shown)},\n"
        f'        source="""\\\n{derived.source}""",\n'
        f"{f'        tails={derived.tails!r},' + chr(10) if derived.tails else ''}"
        f"{'        kinked=True,' + chr(10) if derived.kinked else ''}"
        "    ),\n"
    )


def _tuple(texts: tuple[str, ...]) -> str:
    return f"({', '.join(_quoted(text) for text in texts)}{',' if len(texts) == 1 else ''})"


def _wrapped(texts: tuple[str, ...]) -> str:
    """The tuple as the formatter writes it: one text a line where they do not fit into one."""
    if len(f"        shown={_tuple(texts)},") <= LINE:
        return _tuple(texts)
    return "(\n" + "".join(f"            {_quoted(text)},\n" for text in texts) + "        )"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    READY_FILE.write_text(page(), encoding="utf-8")
