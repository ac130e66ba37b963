"""manifest.json: what a saved run is of, and what it needs to be run again."""

from __future__ import annotations

import os
import platform
import secrets
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from gdcli import __version__
from gdcli.data.urls import scheme, shown
from gdcli.descent.averaging import Averaging
from gdcli.descent.keep.files import replace as write
from gdcli.descent.keep.files import seal, unseal
from gdcli.descent.load import Source
from gdcli.descent.options import Options
from gdcli.descent.plan import Plan

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Versions:
    """What the bits of a run depend on beside its arguments."""

    gdcli: str
    python: str
    numpy: str
    system: str
    processor: str

    @classmethod
    def here(cls) -> Versions:
        """Those of this process."""
        return cls(__version__, platform.python_version(), np.__version__, platform.system(), _processor())

    def differences(self, other: Versions) -> list[str]:
        """What is another here than there, in words."""
        pairs = ((field.name, getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return [f"{name} {there}, now {here}" for name, there, here in pairs if there != here]


@dataclass(frozen=True)
class Asked:
    """DATA as it was typed and the path it stands for, None for what is no file; --target and --features."""

    data: str
    path: str | None
    target: str | None
    features: str | None


@dataclass(frozen=True)
class Data:
    """What was read: its name and SHA-256 (that of --validate's file beside it), and what became of it."""

    name: str
    sha256: str
    sha256_unseen: str | None
    rows: int
    columns: tuple[str, ...]
    target: str
    labels: tuple[str, ...] | None


@dataclass(frozen=True)
class Engine:
    """How steps were run, and on how many threads."""

    name: str
    threads: int


@dataclass(frozen=True)
class Averages:
    """An Averaging, its b as float.hex has it, as it was when the run began: more steps do not change it."""

    kind: str
    b: str
    begins: int


@dataclass(frozen=True)
class Manifest:
    """`run`: the name that its other files bear, too. `goal`: the gap it stops at; `ended`: None while it lasts."""

    run: str
    versions: Versions
    cores: int
    started: str
    ended: str | None
    asked: Asked
    options: Options
    data: Data
    method: str
    engine: Engine
    averaging: Averages | None
    goal: float

    def write(self, folder: Path) -> None:
        """Put it into the folder."""
        write(folder / MANIFEST, seal(self))

    def closed(self, at: str | None) -> Manifest:
        """With the time at which the run ended."""
        return replace(self, ended=at)

    @property
    def weights(self) -> Averaging | None:
        """The averaging of the run."""
        found = self.averaging
        return None if found is None else Averaging(found.kind, float.fromhex(found.b), found.begins)


def read(folder: Path) -> Manifest:
    """The manifest in a folder. Raises DataError where there is none, or none that can be trusted."""
    return unseal(folder / MANIFEST, Manifest)


def manifest(plan: Plan, source: Source, options: Options) -> Manifest:
    """That of a run which begins now; `options` are those that `plan` was prepared from."""
    data, averaging = plan.dataset, plan.averaging
    path = _absolute(source.name)
    if options.validate is not None:
        options = replace(options, validate=_absolute(options.validate))
    return Manifest(
        run=secrets.token_hex(8),
        versions=Versions.here(),
        cores=os.cpu_count() or 1,
        started=now(),
        ended=None,
        asked=Asked(shown(source.name), path, source.target, source.features),
        options=options,
        data=Data(
            name=data.origin.name,
            sha256=data.origin.sha256,
            sha256_unseen=None if plan.unseen is None else plan.unseen.sha256,
            rows=plan.risk.rows,
            columns=data.columns,
            target=data.target,
            labels=data.labels,
        ),
        method=plan.method.name,
        engine=Engine(plan.engine.name, plan.engine.threads),
        averaging=None if averaging is None else Averages(**(asdict(averaging) | {"b": averaging.b.hex()})),
        goal=plan.target,
    )


def now() -> str:
    """The time, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _absolute(name: str) -> str | None:
    """A path that holds from every folder, also of a pattern; a URL without its query; None for what is neither."""
    if scheme(name):
        return shown(name)
    if name == "-" or (name.isidentifier() and not Path(name).exists()):
        return None
    return str(Path(name).absolute())


def _processor() -> str:
    """Its model, where the system tells: numpy's products are written for it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
