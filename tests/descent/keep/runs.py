"""Saved runs in this process: a folder, the run in it until something stops it, and what the folder then holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gdcli.descent import report
from gdcli.descent.keep.keeper import Keeper, claimed
from gdcli.descent.keep.manifest import manifest
from gdcli.descent.keep.saved import More, resumed
from gdcli.descent.load import Source, open_problem
from gdcli.descent.plan import prepare
from gdcli.errors import Stopped
from gdcli.render import Look, ndjson
from gdcli.render import json as document

LOOK = Look()
TIMES = ("seconds", "times", "row_gradients_per_second")


def begin(file: Path | str, folder: Path, clock: Callable[[], float] = lambda: 0.0, **options: Any) -> Keeper:
    """A new saved run."""
    source = Source(str(file), options.pop("target", None), options.pop("features", None))
    dataset, chosen = open_problem(source, options)
    plan = prepare(dataset, chosen)
    return Keeper(claimed(folder), manifest(plan, source, chosen), plan, clock)


def go_on(folder: Path, clock: Callable[[], float] = lambda: 0.0, **more: Any) -> Keeper:
    """A saved run, ready to go on."""
    return resumed(folder, More(**more), clock)


def go(keeper: Keeper, before: Callable[[], object] = lambda: None, after: Callable[[], object] = lambda: None) -> bool:
    """Run it until it ends or is interrupted; whether it came to its end. `after`: all is kept, and still open."""
    with keeper:
        run, last, done = keeper.run(), None, True
        try:
            before()
            for last in run:
                keeper.line(ndjson.step(report.step_report(last), LOOK))
        except Stopped:
            run.interrupt()
            last, done = run.measure(), False
        assert last is not None
        keeper.end(run, last, document.result(report.run_report(run, last), LOOK))
        after()
        return done


def without_times(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in TIMES}


def content(folder: Path) -> dict[str, Any]:
    """All that a run leaves behind, but for times and the name of the run."""
    checkpoint = json.loads((folder / "checkpoint.json").read_text(encoding="utf-8"))
    theta = json.loads((folder / "theta.json").read_text(encoding="utf-8"))
    lines = (folder / "steps.ndjson").read_text(encoding="utf-8").splitlines()
    return {
        "state": checkpoint["state"],
        "stopped": checkpoint["stopped"],
        "theta": [theta["theta"], theta["columns"], theta["step"]],
        "lines": [without_times(json.loads(line)) for line in lines],
        "result": without_times(json.loads((folder / "result.json").read_text(encoding="utf-8"))),
    }


def write(path: Path, rows: int = 30, d: int = 3, seed: int = 5, classes: int = 0) -> Path:
    """A table of normal numbers: a target of numbers, or of classes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, d))
    y = X @ np.arange(1.0, d + 1.0) + rng.normal(size=rows)
    target: list[Any] = y.tolist() if not classes else [f"c{int(k)}" for k in rng.integers(classes, size=rows)]
    names = ",".join(f"x{j + 1}" for j in range(d))
    lines = [",".join([*map(repr, x.tolist()), str(t)]) for x, t in zip(X, target, strict=True)]
    path.write_text("\n".join([f"{names},y", *lines]) + "\n", encoding="utf-8")
    return path
