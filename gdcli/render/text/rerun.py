"""A run beside itself, for people."""

from __future__ import annotations

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.descend.layout import folded
from gdcli.render.text.descend.numbers import number_of
from gdcli.results.rerun import RerunReport


def result(result: RerunReport, look: Look) -> str:
    """Equal to the bit, or the first difference."""
    lines = folded(sentence(result), look)
    first = result.difference
    if first is not None:
        lines.append(f"  first difference at step {first.step}, {visible(first.key)}")
        lines += [f"    saved {told(first.saved)}", f"    again {told(first.again)}"]
    return "\n".join(lines) + "\n"


def sentence(result: RerunReport) -> str:
    """Whether it is equal, and what was compared."""
    done = f"{number_of(result.steps, 'step')} of {result.method} on {visible(result.data)}"
    if not result.equal:
        return f"not equal: {done}"
    compared = f"{number_of(result.lines, 'line')} of the log, and the state after the last step"
    return f"equal to the bit: {done}, {compared}"


def told(value: object) -> str:
    """A value of the log, nothing for none."""
    return "nothing" if value is None else visible(str(value), 200)
