"""What may stand at a place: the choices of each option and argument, by its name."""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gdcli.cli.complete.columns import columns
from gdcli.cli.complete.place import Place, find

Candidate = tuple[str, str]
# The families whose own modules load too much for a shell that waits; a test holds each to its family.
CHOICES: dict[str, tuple[str, ...]] = {
    "loss": (
        *("squared", "logistic", "absolute", "quantile", "hinge", "huber", "logcosh", "squared_hinge", "exponential"),
        *("poisson", "softmax"),
    ),
    "eta": ("constant", "inverse_sqrt", "inverse", "strongly_convex", "cosine"),
    "sampling": ("uniform", "shuffle", "order"),
    "averaging": ("none", "polyak", "suffix", "weighted"),
    "engine": ("auto", "interpret", "compile", "dask"),
    "color": ("auto", "always", "never"),
    "action": ("clear",),
}
AXES = ("evaluations", "steps", "time")
# What may stand for a value's name.
OTHERS: Mapping[str, Literal["files", "folders"]] = {
    "DATA": "files",
    "FILE": "files",
    "[FILE]": "files",
    "DIR": "folders",
}


@dataclass(frozen=True)
class Offer:
    """Whole words that may stand at a place, each with a few words about it, and whether files or folders may, too."""

    candidates: tuple[Candidate, ...] = ()
    others: Literal["plain", "files", "folders"] = "plain"


def offer(words: Sequence[str]) -> Offer:
    """What may come, of a line's words behind gdcli, the last of them unfinished (perhaps empty)."""
    place = find(words)
    found = tuple((place.before + value, text) for value, text in _all(place) if value.startswith(place.word))
    if place.parameter is None:
        return Offer(found)
    if _READ.get(place.parameter.name) is _runs:
        return Offer(found, "plain" if found else "folders")
    return Offer(found, OTHERS.get(place.parameter.metavar, "plain"))


def _all(place: Place) -> Iterable[Candidate]:
    if place.at_option:
        return _options(place)
    if place.command is None:
        return _commands()
    if place.parameter is None:
        return ()
    return _values(place)


def _values(place: Place) -> Iterable[Candidate]:
    """The values of the parameter."""
    command, name = place.command.name, place.parameter.name
    if name == "format":
        return ((value, "") for value in sys.modules[f"gdcli.cli.{command}"].FORMATS)
    if (command, name) in _OWN:
        return _OWN[command, name]()
    if name in _READ:
        return _READ[name](place)
    return ((value, "") for value in CHOICES.get(name, ()))


def _options(place: Place) -> Iterator[Candidate]:
    """The options that are not given yet; with one letter where nothing but a minus is typed."""
    for option in place.parameters:
        if option.param_type_name == "option" and option.name not in place.given:
            for spelling in option.opts:
                yield spelling, _sentence(option.help or "")


def _sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".")


def _commands() -> Iterator[Candidate]:
    from gdcli.cli.app import COMMANDS, summary

    return ((name, _sentence(summary(name))) for name in COMMANDS)


def _problems() -> Iterator[Candidate]:
    from gdcli.data import problems

    return ((card.name, card.title) for card in problems.cards())


def _shells() -> Iterator[Candidate]:
    from gdcli.cli.complete import SHELLS

    return ((shell, "") for shell in SHELLS)


def _methods(place: Place) -> Iterator[Candidate]:
    from gdcli.descent import methods

    return ((module.name, "") for module in pkgutil.iter_modules(methods.__path__))


def _columns(place: Place) -> Iterator[Candidate]:
    return ((name, "") for name in columns(place.given.get("data", "")))


def _listed(items: Callable[[Place], Iterable[Candidate]]) -> Callable[[Place], Iterator[Candidate]]:
    """The same behind a list that is there already: what is before the last comma stays."""

    def found(place: Place) -> Iterator[Candidate]:
        last = place.word.rpartition(",")[2].lstrip()
        kept = place.word.removesuffix(last) if last else place.word
        taken = {item.strip() for item in kept.split(",")}
        return ((kept + value, text) for value, text in items(place) if "," not in value and value not in taken)

    return found


def _runs(place: Place) -> Iterator[Candidate]:
    """The folders of saved runs beside what is typed; what begins at somebody's home is left to the shell."""
    if place.word.startswith("~"):
        return
    above = place.word[: place.word.rfind("/") + 1]
    for entry in sorted(os.scandir(Path(above or ".").expanduser()), key=lambda entry: entry.name):
        if entry.name.isprintable() and (Path(entry.path) / "manifest.json").is_file():
            yield above + entry.name, "a saved run"


_OWN: Mapping[tuple[str, str], Callable[[], Iterable[Candidate]]] = {
    ("help", "name"): _commands,
    ("problems", "name"): _problems,
    ("completion", "shell"): _shells,
    ("rate", "at"): lambda: ((value, "") for value in AXES),
}
_READ: Mapping[str, Callable[[Place], Iterable[Candidate]]] = {
    "data": lambda place: _problems(),
    "method": _methods,
    "methods": _listed(_methods),
    "target": _columns,
    "features": _listed(_columns),
    "run": _runs,
    "resume": _runs,
}
