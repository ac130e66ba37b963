"""What is said of a work that goes on: a bar, how much of how much, how fast, and for how long still."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Cells of the bar where there is room, and the fewest that are worth showing.
BAR, LEAST = 24, 8
SIZES = ("B", "kB", "MB", "GB", "TB", "PB")


@dataclass
class Meter:
    """`doing` since a time; `done` of a `whole`, both in `unit`, as was told at the time `told`.

    The rate counts from the `first` that was told: what stands still for a while, while other things are done, has the
    rate it had.
    """

    doing: str
    unit: str
    since: float
    done: int | None = None
    whole: int | None = None
    first: int = 0
    told: float = 0.0

    def at(self, done: int, whole: int | None, now: float) -> None:
        """So much is done: what comes after less is another count of the same thing."""
        if self.done is None or done < self.done:
            self.first = done
        self.done, self.whole, self.told = done, whole, now

    @property
    def rate(self) -> float:
        """Units a second so far; 0 where nothing can be said."""
        seconds = self.told - self.since
        return 0.0 if self.done is None or seconds <= 0.0 else (self.done - self.first) / seconds


def line(meter: Meter, now: float, width: int, blocks: bool) -> str:
    """One line of at most `width` characters; what does not fit is left away: bar, rate, time, count."""
    parts = [meter.doing, *_counted(meter, now)]
    bar = _share(meter)
    room = width - len("  ".join(parts)) - 2
    if bar is not None and room >= LEAST:
        parts.insert(1, _bar(bar, min(BAR, room), blocks))
    while len(parts) > 1 and len("  ".join(parts)) > width:
        del parts[2 if len(parts) == 4 else -1]
    return "  ".join(parts)[: max(0, width)]


def _counted(meter: Meter, now: float) -> list[str]:
    """How much, how fast, how long."""
    if meter.done is None:
        return [duration(now - meter.since)]
    parts = [_amounts([meter.done] if meter.whole is None else [meter.done, meter.whole], meter.unit)]
    if meter.rate > 0.0 and meter.done != meter.whole:
        parts.append(f"{_amounts([float(f'{meter.rate:.3g}')], meter.unit)}/s")
        if meter.whole is not None:
            parts.append(f"{duration((meter.whole - meter.done) / meter.rate)} left")
    return parts


def _share(meter: Meter) -> float | None:
    if meter.done is None or not meter.whole:
        return None
    return min(1.0, meter.done / meter.whole)


def _bar(share: float, cells: int, blocks: bool) -> str:
    full = int(share * (cells if blocks else cells - 2))
    return "█" * full + "░" * (cells - full) if blocks else f"[{('#' * full).ljust(cells - 2, '-')}]"


def duration(seconds: float) -> str:
    """12 s, 3 min 20 s, 34 min, 2 h 5 min: rounded up."""
    whole = math.ceil(seconds)
    if whole < 100:
        return f"{whole} s"
    if whole < 600:
        return f"{whole // 60} min {whole % 60} s"
    minutes = math.ceil(whole / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _amounts(numbers: Sequence[float], unit: str) -> str:
    """88 of 197 MB, 1 200 of 10 000 steps, in the unit of the last of them."""
    if unit != "B":
        return f"{' of '.join(map(_number, numbers))} {unit}"
    power = 0
    while numbers[-1] >= 999.5 * 1000.0**power and power < len(SIZES) - 1:
        power += 1
    return f"{' of '.join(f'{number / 1000.0**power:#.3g}'.rstrip('.') for number in numbers)} {SIZES[power]}"


def _number(number: float) -> str:
    """12 345, or 0.82."""
    return f"{round(number):,}".replace(",", " ") if number >= 10 or number == round(number) else f"{number:.2g}"
