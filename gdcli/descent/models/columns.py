"""What the columns of a file are called in a formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gdcli.data.names import label
from gdcli.data.selection import Header
from gdcli.errors import UsageError
from gdcli.escape import visible
from gdcli.language import canonical, parse
from gdcli.language.tree import Variable, walk


@dataclass(frozen=True)
class Symbols:
    """`names` in their order, and the `symbol` of each: its name in the language's spelling (x_1 is x1).

    A column whose name cannot stand in a formula ("body mass", "e", "2024") is called by its number, x3. The symbol
    is empty where two columns would share it.
    """

    names: tuple[str, ...]
    symbols: tuple[str, ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> Symbols:
        """The symbols of the columns."""
        own = [_own(name) for name in names]
        taken = {symbol for symbol in own if symbol}
        found = [symbol or _unless(f"x{j + 1}", taken) for j, symbol in enumerate(own)]
        times = Counter(found)
        return cls(tuple(names), tuple(symbol if times[symbol] == 1 else "" for symbol in found))

    @property
    def known(self) -> tuple[str, ...]:
        """All symbols there are."""
        return tuple(symbol for symbol in self.symbols if symbol)

    def index(self, symbol: str) -> int:
        """The column that a symbol stands for."""
        return self.symbols.index(symbol)

    def numbered(self, used: Iterable[int]) -> tuple[str, ...]:
        """One line for each of the columns that goes by its number."""
        return tuple(f"{self.symbols[j]} is column {label(j, self.names[j])}" for j in used if not _own(self.names[j]))

    def listing(self) -> str:
        """The columns for a hint, with their names where these differ."""
        shown = [
            f"{symbol} ({visible(name)})" if not _own(name) else symbol
            for symbol, name in zip(self.symbols, self.names, strict=True)
            if symbol
        ]
        return ", ".join(shown[:20]) + (f" and {len(shown) - 20} more" if len(shown) > 20 else "")


def variables(formula: str, known: Sequence[str] | None = None) -> tuple[str, ...]:
    """The variables that a formula holds; FormulaError for any that is not known, if `known` is given."""
    parsed = parse(formula, variables=known)
    held = {node.name for node, _ in walk(parsed.tree) if isinstance(node, Variable)}
    return tuple(name for name in parsed.variables if name in held)


def without_target(what: str, used: Sequence[int], header: Header) -> None:
    """A formula of the target would know what it has to predict."""
    if header.target in used:
        place = label(header.target, header.names[header.target])
        raise UsageError(
            f"{what} uses column {place}, which is the target", hint="leave it out, or name another --target"
        )


def _own(name: str) -> str:
    """The name in the language's spelling; empty where it cannot stand in a formula."""
    try:
        return canonical(name)
    except UsageError:
        return ""


def _unless(symbol: str, taken: set[str]) -> str:
    return "" if symbol in taken else symbol
