"""A row of k numbers in registers: pieces of two doubles, or up to 32 of them, and a shorter piece for the rest."""

from __future__ import annotations

from gdcli.kernels.native.emit import Emitter, double, lanes, number

MOST_LANES = 32
# Up to so many numbers lie in pairs: their lanes are folded without moving numbers between the halves of a register.
_FEW, _PAIR = 5, 2


def lane_count(k: int) -> int:
    """How many partial sums a dot product of k products keeps: the largest power of two up to k, at most 32."""
    return min(MOST_LANES, 1 << (k.bit_length() - 1))


def pieces(k: int) -> list[tuple[int, int]]:
    """(offset, width) of each piece of a row of k numbers."""
    width = min(lane_count(k), _PAIR if k <= _FEW else MOST_LANES)
    rest = k % width
    whole = [(offset, width) for offset in range(0, k - rest, width)]
    return [*whole, (k - rest, rest)] if rest else whole


def block(width: int) -> str:
    """The type of a piece: of one number too it is a vector."""
    return f"<{width} x double>"


class Rows:
    """Operations on rows of k numbers, entry by entry."""

    def __init__(self, emitter: Emitter, k: int) -> None:
        self.emitter = emitter
        self.k = k
        self.pieces = pieces(k)
        self.kinds = [block(width) for _, width in self.pieces]

    def load(self, pointer: str) -> list[str]:
        """The k numbers from an address on."""
        at = [self.emitter.element(pointer, str(offset)) for offset, _ in self.pieces]
        return [self.emitter.load(kind, address) for kind, address in zip(self.kinds, at, strict=True)]

    def store(self, row: list[str], pointer: str) -> None:
        """Write the k numbers."""
        for value, kind, (offset, _) in zip(row, self.kinds, self.pieces, strict=True):
            self.emitter.store(kind, value, self.emitter.element(pointer, str(offset)))

    def op(self, operation: str, a: list[str], b: list[str]) -> list[str]:
        """fadd, fsub or fmul."""
        return [self.emitter.op(operation, kind, x, y) for kind, x, y in zip(self.kinds, a, b, strict=True)]

    def constant(self, value: float) -> list[str]:
        """A row of one number known now."""
        return [f"<{', '.join([f'double {number(value)}'] * width)}>" for _, width in self.pieces]

    def spread(self, value: str) -> list[str]:
        """A row of one number."""
        return [spread(self.emitter, value, width) for _, width in self.pieces]

    def phis(self, name: str, sources: list[tuple[str, list[str]]]) -> list[str]:
        """A row that is one of several, by the block that control came from."""
        found = []
        for n, kind in enumerate(self.kinds):
            choices = ", ".join(f"[ {row[n]}, %{label} ]" for label, row in sources)
            self.emitter.do(f"%{name}{n} = phi {kind} {choices}")
            found.append(f"%{name}{n}")
        return found

    def become(self, name: str, row: list[str]) -> list[str]:
        """Give a row the names that a phi further up refers to."""
        for n, (kind, value) in enumerate(zip(self.kinds, row, strict=True)):
            # A choice between equals is a copy; the optimiser removes it.
            self.emitter.do(f"%{name}{n} = select i1 true, {kind} {value}, {kind} {value}")
        return names(name, row)

    def dot(self, a: list[str], b: list[str]) -> str:
        """sum_j a_j b_j: lane l sums j = l, l + lanes, ... in this order, then the lanes are folded by halves."""
        products = self.op("fmul", a, b)
        width = self.pieces[0][1]
        held = lane_count(self.k) // width
        # The lanes, over several pieces where one does not hold them all.
        sums = products[:held]
        for n, (product, (_, piece)) in enumerate(zip(products[held:], self.pieces[held:], strict=True)):
            added = widened(self.emitter, product, piece, width)
            sums[n % held] = self.emitter.op("fadd", block(width), sums[n % held], added)
        while len(sums) > 1:
            halves = zip(sums[: len(sums) // 2], sums[len(sums) // 2 :], strict=True)
            sums = [self.emitter.op("fadd", block(width), low, high) for low, high in halves]
        return self._folded(sums[0], width)

    def _folded(self, total: str, width: int) -> str:
        while width > 1:
            half = width // 2
            low = part(self.emitter, total, width, range(half))
            high = part(self.emitter, total, width, range(half, width))
            width = half
            total = self.emitter.op("fadd", block(width), low, high)
        return self.emitter.let(f"extractelement {block(1)} {total}, i32 0")


def names(name: str, row: list[str]) -> list[str]:
    """name0, name1, ...: as many as the row has pieces."""
    return [f"%{name}{n}" for n in range(len(row))]


def part(emitter: Emitter, value: str, width: int, taken: range) -> str:
    """Some lanes of a piece."""
    return emitter.let(f"shufflevector {block(width)} {value}, {block(width)} poison, {lanes(list(taken))}")


def widened(emitter: Emitter, value: str, width: int, to: int, filling: float = -0.0) -> str:
    """The piece followed by -0, which added to anything leaves it as it is, or by another filling."""
    if width == to:
        return value
    nothing = f"<{', '.join([f'double {number(filling)}'] * width)}>"
    mask = [min(lane, width) for lane in range(to)]
    return emitter.let(f"shufflevector {block(width)} {value}, {block(width)} {nothing}, {lanes(mask)}")


def spread(emitter: Emitter, value: str, width: int) -> str:
    """One number in every lane of a piece."""
    one = emitter.let(f"insertelement {block(width)} poison, {double()} {value}, i32 0")
    return emitter.let(f"shufflevector {block(width)} {one}, {block(width)} poison, {lanes([0] * width)}")
