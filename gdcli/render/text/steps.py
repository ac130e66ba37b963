"""A derivative rule by rule: each line builds on lines above it, the last is the printed result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gdcli.render import Look
from gdcli.render.text.calculus import equation
from gdcli.render.text.fold import fold
from gdcli.results.common import DerivativeStep


def blocks(steps: Mapping[str, Sequence[DerivativeStep]] | None, look: Look) -> list[list[str]]:
    """One block a variable; none where no steps were asked for."""
    return [] if steps is None else [_block(name, found, look) for name, found in steps.items()]


def _block(name: str, steps: Sequence[DerivativeStep], look: Look) -> list[str]:
    lines = [look.paint(f"df/d{name}, rule by rule", "bold")]
    room = len(str(len(steps))) + 4
    for place, step in enumerate(steps, 1):
        by = f"  [by {', '.join(map(str, step.uses))}]" if step.uses else ""
        lines += fold(f"{f'{place}.':>{room - 1}}", f"{step.rule}: {step.law}{by}", look.width, room)
        lines += _shown(step, look, room)
    return lines


def _shown(step: DerivativeStep, look: Look, room: int) -> list[str]:
    left = step.of if step.rule == "simplification" else f"({step.of})'"
    if len(left) + room > look.width // 2:
        indent = " " * room
        return [*fold(indent, left, look.width, room + 4), *fold(f"{indent}=", step.gives, look.width, room + 4)]
    return equation(left, step.gives, look, indent=room)
