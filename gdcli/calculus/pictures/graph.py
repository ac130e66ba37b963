"""The graph of f on a line through a point: where it is worth looking at, and its values with the breaks in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

# f(t) in doubles, None where f has no value or none that a double can hold.
Graph = Callable[[float], float | None]

POINTS = 400
_PROBES = 64
_SCALES = sorted(range(-24, 25), key=lambda k: (abs(k), k))
# A window is good where f bends at most twice, not in a corner alone, visibly, and is defined nearly everywhere.
_BENDS, _EVENNESS, _VISIBLE, _TOWERING, _UNDEFINED = 2, 20.0, 0.05, 2.0, 0.2
_BISECTIONS = 30


def reach(f: Graph, at: float, slope: float) -> float:
    """A half-width w for which f on [at - w, at + w] shows how it leaves the line of this slope through (at, f(at)).

    The scale nearest to max(1, |at|) that is good; that itself where none is (f is its own tangent, say).
    """
    base = max(1.0, abs(at))
    fitting = (base * 2.0**k for k in _SCALES if _good(f, at, slope, base * 2.0**k))
    return next(fitting, base)


def _good(f: Graph, at: float, slope: float, w: float) -> bool:
    steps = [w * k / _PROBES for k in range(-_PROBES, _PROBES + 1)]
    pairs = [(h, f(at + h)) for h in steps]
    values = [value for _, value in pairs if value is not None]
    middle = f(at)
    if middle is None or len(values) < (1.0 - _UNDEFINED) * len(pairs):
        return False
    rest = [abs(value - middle - slope * h) for h, value in pairs if value is not None]
    most, span = max(rest), max(values) - min(values)
    visible = _VISIBLE * span <= most <= _TOWERING * span and span > 0.0
    return visible and most <= _EVENNESS * median(rest) and _turns(values) <= _BENDS


def _turns(values: Sequence[float]) -> int:
    """How often the second differences change their sign, those that are rounding aside."""
    seconds = [a - 2.0 * b + c for a, b, c in zip(values, values[1:], values[2:], strict=False)]
    noise = 1e-12 * max(map(abs, values))
    signs = [second > 0.0 for second in seconds if abs(second) > noise]
    return sum(a != b for a, b in pairwise(signs))


def sampled(f: Graph, low: float, high: float, count: int = POINTS) -> tuple[list[float], list[float | None]]:
    """x and f(x) on [low, high], with a gap where f jumps or has a pole."""
    x = [low + (high - low) * k / count for k in range(count + 1)]
    y = [f(at) for at in x]
    known = [value for value in y if value is not None]
    step = (max(known) - min(known)) / 16.0 if known else 0.0
    found_x, found_y = x[:1], y[:1]
    for (a, fa), (b, fb) in pairwise(zip(x, y, strict=True)):
        if fa is not None and fb is not None and abs(fb - fa) > step and _jumps(f, a, b):
            found_x.append((a + b) / 2.0)
            found_y.append(None)
        found_x.append(b)
        found_y.append(fb)
    return found_x, found_y


def _jumps(f: Graph, a: float, b: float) -> bool:
    """Whether the change from a to b stays half as large however near the two come."""
    fa, fb = f(a), f(b)
    if fa is None or fb is None:
        return True
    whole = abs(fb - fa)
    for _ in range(_BISECTIONS):
        middle = (a + b) / 2.0
        value = f(middle)
        if value is None:
            return True
        if abs(value - fa) >= abs(fb - value):
            b, fb = middle, value
        else:
            a, fa = middle, value
        if abs(fb - fa) < whole / 2.0:
            return False
    return True


def shown(values: Sequence[float | None], line: Sequence[float], times: float = 4.0) -> tuple[float, float]:
    """The range of heights: all of the line, and f up to so many `times` its usual distance from it."""
    known = sorted(abs(v - t) for v, t in zip(values, line, strict=True) if v is not None)
    usual = known[int(0.8 * (len(known) - 1))] if known else 0.0
    most = max(times * usual, (max(line) - min(line)) / 2.0)
    near = [max(min(line) - most, min(max(line) + most, v)) for v in values if v is not None]
    low, high = min([*near, *line]), max([*near, *line])
    margin = 0.06 * (high - low) or max(1.0, abs(low)) / 2.0
    return low - margin, high + margin
