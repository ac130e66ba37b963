"""What every result can do: show itself, and hand out its numbers as an array and its lines as a data frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Nested = Sequence[float | None] | Sequence[Sequence[float | None]]


class View(Protocol):
    """How results look: as text, and in a notebook as formulas between dollar signs or as Markdown, None for not so."""

    def text(self, result: Result) -> str:
        """What the command prints."""

    def latex(self, result: Result) -> str | None:
        """Formulas for MathJax."""

    def markdown(self, result: Result) -> str | None:
        """A page."""


class Result:
    """What a command emits.

    Results know no renderer, and yet `print` and a notebook ask the result itself how it looks. So the library's face,
    which sees both, hands in a `View` once for all results; without it, as in the commands, they look as Python has it.
    """

    __slots__ = ()

    view: ClassVar[View | None] = None

    def __str__(self) -> str:
        return repr(self) if self.view is None else self.view.text(self)

    def _repr_latex_(self) -> str | None:
        return None if self.view is None else self.view.latex(self)

    def _repr_markdown_(self) -> str | None:
        return None if self.view is None else self.view.markdown(self)


class Numeric(Result):
    """A result whose numbers make an array."""

    __slots__ = ()

    def numbers(self) -> Nested:
        """The numbers, row by row; None for one that is missing."""
        raise NotImplementedError

    def to_numpy(self) -> npt.NDArray[np.float64]:
        """The numbers as an array of float64, not a number where one is missing."""
        import numpy as np

        return np.array(self.numbers(), dtype=np.float64)


class Tabular(Result):
    """A result whose lines make a table."""

    __slots__ = ()

    def table(self) -> Mapping[str, Sequence[object]]:
        """The columns by their names, as the command's CSV has them; None for an empty cell."""
        raise NotImplementedError

    def to_frame(self) -> Any:
        """The lines as a data frame of pandas, or of polars where that alone is installed.

        Raises ImportError where neither is.
        """
        columns = {name: list(values) for name, values in self.table().items()}
        if find_spec("pandas") is not None:
            import pandas

            return pandas.DataFrame(columns)
        if find_spec("polars") is not None:
            import polars

            return polars.DataFrame(columns)
        raise ImportError("a data frame needs pandas or polars: pip install pandas")


def columns(rows: Sequence[object], names: Sequence[str]) -> dict[str, list[object]]:
    """The attributes `names` of all rows, by column."""
    return {name: [getattr(row, name) for row in rows] for name in names}
