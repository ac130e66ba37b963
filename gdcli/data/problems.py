"""The bundled problems: a CSV each (or a generator, where the CSV is made on demand) and a TOML card beside it."""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gdcli import whole
from gdcli.data.recipe import Generator
from gdcli.errors import DataError, UsageError
from gdcli.escape import visible
from gdcli.results.problems import ProblemList, ProblemSummary
from gdcli.suggest import suggestion

LOSSES = ("squared", "logistic", "softmax")

_KINDS: Mapping[str, tuple[type, ...]] = {
    "title": (str,),
    "origin": (str,),
    "licence": (str,),
    "target": (str,),
    "loss": (str,),
    "rows": (int,),
    "features": (int,),
    "risk_optimum": (float, int),
    "risk_optimum_source": (str,),
    "attained": (bool,),
    "shows": (str,),
    "intercept": (bool,),
    "standardise": (bool,),
    "l2": (float, int),
    "columns": (list,),
    "on_demand": (bool,),
    "generator": (dict,),
}
_WORDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list of names",
    dict: "a table",
}
_OPTIONAL = {"intercept", "standardise", "l2", "columns", "on_demand", "generator"}


@dataclass(frozen=True)
class Card:
    """What is known of a problem.

    risk_optimum is R* (the infimum where not `attained`) of the mean loss with the card's own options: intercept,
    standardise, and l2/2 ||theta||^2 over the coordinates as optimised, the intercept left out. columns are the
    features to use (None: all but the target), path is the CSV (None: made on demand).
    """

    name: str
    title: str
    origin: str
    licence: str
    target: str
    loss: str
    rows: int
    features: int
    risk_optimum: float
    risk_optimum_source: str
    attained: bool
    shows: str
    path: Path | None
    intercept: bool = True
    standardise: bool = True
    l2: float = 0.0
    columns: tuple[str, ...] | None = None
    generator: Generator | None = None

    @property
    def on_demand(self) -> bool:
        """Whether the CSV is made when it is first asked for."""
        return self.path is None


@cache
def folder() -> Path:
    """Return the folder of cards: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside, beside = package / "sample_problems", package.parent / "sample_problems"
    for place in (inside, beside):
        if place.is_dir():
            return place
    raise DataError(
        "the folder of bundled problems is missing",
        file=str(inside),
        hint="install gdcli again, or use a file of yours",
    )


@cache
def names() -> tuple[str, ...]:
    """Return the problems' names in alphabetical order."""
    return tuple(sorted(path.stem for path in folder().glob("*.toml")))


def cards() -> tuple[Card, ...]:
    """Return every card, in the order of `names`."""
    return tuple(card(name) for name in names())


def card(name: str) -> Card:
    """Return the card of a problem; UsageError for a name that is none, DataError for a card that is malformed."""
    if name not in names():
        raise UsageError(f'no bundled problem is called "{visible(name)}"', hint=_suggestion(name))
    return read_card(folder() / f"{name}.toml")


def listing() -> ProblemList:
    """Return what `gdcli problems` shows."""
    return ProblemList(tuple(map(summary, cards())))


def summary(card: Card) -> ProblemSummary:
    """Return what `gdcli problems NAME` shows."""
    shared = {key: getattr(card, key) for key in ProblemSummary.__slots__ if key != "file"}
    return ProblemSummary(**shared, file=None if card.path is None else str(card.path))


def locate(name: str, note: Callable[[str], object] | None = None) -> Path:
    """Return the path of a problem's CSV; one made on demand is made now, once, in the user's cache.

    `note` is told when the cache could not be written and the file stands in a temporary folder instead.
    """
    found = card(name)
    if found.path is not None:
        return found.path
    from gdcli.data import ondemand

    assert found.generator is not None
    return ondemand.file(found.name, found.generator, note)


def copy(name: str, to: str) -> Path:
    """Copy a problem's CSV to the new file `to`, whole or not at all.

    Raises UsageError where that exists or cannot be written, ExhaustedError where the disk is full.
    """
    source, target = locate(name), Path(to)
    if os.path.lexists(target):
        raise UsageError(f"{to} is there already", hint="name a new file; nothing was overwritten")
    try:
        with source.open("rb") as data:
            whole.assemble(target, iter(lambda: data.read(1 << 20), b""))
    except OSError as error:
        raise whole.unwritable(target, error, full="make room", other="name a file in a folder you can write") from None
    return target


def read_card(path: Path) -> Card:
    """Read and check one card; DataError names the file and what is wrong with it."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise _malformed(path, f"it cannot be read ({error})") from None
    _check(path, entries)
    generator = _generator(path, entries.pop("generator", None))
    csv = path.with_suffix(".csv")
    on_demand = entries.pop("on_demand", False)
    if on_demand and generator is None:
        raise _malformed(path, "on_demand needs a generator")
    if not on_demand and not csv.is_file():
        raise _malformed(path, f"{csv.name} is missing beside it")
    for key in ("risk_optimum", "l2"):
        entries[key] = float(entries.get(key, 0.0))
    if "columns" in entries:
        entries["columns"] = tuple(entries["columns"])
    return Card(name=path.stem, path=None if on_demand else csv, generator=generator, **entries)


def _check(path: Path, entries: Mapping[str, object]) -> None:
    for key in _KINDS:
        if key not in entries and key not in _OPTIONAL:
            raise _malformed(path, f"the key {key} is missing")
    for key, value in entries.items():
        if key not in _KINDS:
            raise _malformed(path, f"the key {key} is not known")
        kinds = _KINDS[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise _malformed(path, f"{key} = {value!r} is not {_WORDS[kinds[0]]}")
        if isinstance(value, list) and not all(isinstance(name, str) for name in value):
            raise _malformed(path, f"{key} = {value!r} is not {_WORDS[list]}")
        if isinstance(value, float) and not math.isfinite(value):
            raise _malformed(path, f"{key} = {value!r} is not finite")
        if value == "":
            raise _malformed(path, f"{key} is empty")
    if entries["loss"] not in LOSSES:
        raise _malformed(path, f"loss = {entries['loss']!r} is neither of {', '.join(LOSSES)}")


def _generator(path: Path, table: dict[str, int | float | str] | None) -> Generator | None:
    if table is None:
        return None
    name, seed = table.pop("name", None), table.pop("seed", None)
    if not isinstance(name, str) or not isinstance(seed, int):
        raise _malformed(path, "the generator needs a name and a whole seed")
    params = {key: value for key, value in table.items() if not isinstance(value, str)}
    if len(params) < len(table):
        raise _malformed(path, "the generator's arguments must be numbers")
    return Generator(name, seed, params)


def _malformed(path: Path, why: str) -> DataError:
    return DataError(f"malformed card: {why}", file=str(path), hint="mend the card, or install gdcli again")


def _suggestion(name: str) -> str:
    return f"{suggestion(name, names())}the problems are {', '.join(names())}"
