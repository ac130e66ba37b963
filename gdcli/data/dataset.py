"""The data of a descent: a matrix of features, a target, and where they came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gdcli.data.room import blocks, room
from gdcli.errors import DataError
from gdcli.escape import visible

if TYPE_CHECKING:
    from gdcli.data.partitions.parts import Parts


@dataclass(frozen=True, eq=False)
class Apart:
    """The rows of a data set that lie in parts elsewhere, where a part has X and y of its own rows.

    locate: rows by their number among all -> the rows of each part, by their number there. sample: some values of y,
    the least and the greatest among them, all there are if these are few. place: where the parts are, for people.
    """

    parts: Parts
    locate: Callable[[npt.NDArray[np.intp]], Mapping[int, npt.NDArray[np.intp]]]
    sample: npt.NDArray[np.float64]
    place: str


@dataclass(frozen=True)
class Origin:
    """Where data came from: the file's name, its data rows, the SHA-256 of its bytes, its header and delimiter.

    Of several files: the names as given, and the SHA-256 of the lines of theirs. delimiter: "" where there is none.
    """

    name: str
    rows: int
    sha256: str
    header: bool
    delimiter: str


@dataclass(frozen=True)
class Feature:
    """A column of a file that was read as a feature; `levels` of a text, the first of which has no column in X."""

    name: str
    levels: tuple[str, ...] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns in X."""
        return (self.name,) if self.levels is None else tuple(f"{self.name}={level}" for level in self.levels[1:])


@dataclass(frozen=True)
class Reading:
    """How a file's columns became X, so that another file can be read alike.

    names: those of all columns, in the file's order, of which `target` is the target's index. features: what was read,
    in order. formulas: the text of --features where X holds formulas over these columns, else "".
    """

    names: tuple[str, ...]
    header: bool
    target: int
    features: tuple[Feature, ...]
    formulas: str = ""


@dataclass(frozen=True, eq=False)
class Dataset:
    """N rows of d features and a target.

    X: (N, d) float64 in C order, without an intercept column; text columns are one-hot encoded ("color=blue"). It is
    read-only; of a large file it is a map of the store, through which `gdcli.data.room.blocks` walks without holding
    all of it in memory.
    y: (N,) float64, the numbers of the file for a numeric target, else the class codes 0..K-1.
    columns: the names of X's columns. target: the target's name.
    labels: the classes in the order of their codes, for text and for numbers of exactly two values; else None.
    choices: one line for each choice that was made while reading.
    reading: how X was made of a file's columns, if it was.
    apart: where the rows are, if they are not here: X (0, d) and y (0,) are empty then, and origin.rows is N.
    """

    X: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    columns: tuple[str, ...]
    target: str
    labels: tuple[str, ...] | None
    origin: Origin
    choices: tuple[str, ...]
    reading: Reading | None = None
    apart: Apart | None = None

    def signs(self) -> npt.NDArray[np.float64]:
        """Return (N,) -1.0 and +1.0 for a target of two values, the second label being +1.

        Raises DataError for any other target.
        """
        if self.labels is None or len(self.labels) != 2:
            # A sample of what lies apart does not show all its values.
            more = "" if self.apart is None or self.labels is not None else " or more"
            count = len(np.unique(self.y)) if self.labels is None else len(self.labels)
            message = f"two classes are needed, and {visible(self.target)} has {count} values{more}"
            raise DataError(
                message,
                file=visible(self.origin.name, 4096),
                hint="name a target of two values with --target, or take a loss for this one with --loss",
            )
        signs, least = room(self.y.shape), self.y.min()
        for rows in blocks(self.y[:, None]):
            signs[rows] = np.where(self.y[rows] > least, 1.0, -1.0)
        return signs
