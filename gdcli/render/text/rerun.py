"""A run beside itself, for people."""

from __future__ import annotations

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.descend.layout import folded
from gdcli.render.text.descend.numbers import number_of
from gdcli.results.rerun import RerunReport


def result(result: RerunReport, look: Look) -> str:
    """Equal to the bit, or the first difference."""
    done = f"{number_of(result.steps, 'step')} of {result.method} on {visible(result.data)}"
    if result.difference is None:
        compared = f"{number_of(result.lines, 'line')} of the log, and the state after the last step"
        return "\n".join(folded(f"equal to the bit: {done}, {compared}", look)) + "\n"
    first = result.difference
    lines = [*folded(f"not equal: {done}", look), f"  first difference at step {first.step}, {visible(first.key)}"]
    return "\n".join([*lines, f"    saved {_shown(first.saved)}", f"    again {_shown(first.again)}"]) + "\n"


def _shown(value: object) -> str:
    return "nothing" if value is None else visible(str(value), 200)
