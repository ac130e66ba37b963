"""A run that was stopped and goes on ends like one that never was: to the bit, in every file, by every method."""

from __future__ import annotations

import random
import signal
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from gdcli.descent.keep import keeper as keeping
from gdcli.descent.loops import watched
from gdcli.descent.method import names
from gdcli.errors import Exit, Stopped
from tests.descent.keep.runs import begin, content, go, go_on, write

CASES: dict[str, dict[str, Any]] = {
    **{name: {"method": name} for name in names()},
    "gd to a gap": {"gap": 1e-9, "steps": 5000},
    "gd that diverges": {"eta": "3/L"},
    "gd at a kink": {"loss": "absolute", "averaging": "polyak"},
    "sgd, shuffled batches": {"method": "sgd", "sampling": "shuffle", "batch": 7, "averaging": "suffix"},
    "sgd, compiled": {"method": "sgd", "engine": "compile", "batch": 3},
    "sgd, compiled and shuffled": {"method": "sgd", "engine": "compile", "sampling": "shuffle"},
    "sgd to a gap": {"method": "sgd", "gap": 0.5, "steps": 5000, "l2": 0.1},
    "gd, compiled": {"engine": "compile"},
    "adam, batches": {"method": "adam(beta1=0.8)", "batch": 4, "sampling": "shuffle"},
    "heavy ball, all rows": {"method": "heavy_ball", "averaging": "weighted"},
    "rows held out": {"method": "saga", "holdout": 0.3},
    "a model by formula": {"method": "lbfgs", "model": "a*x1 + exp(b*x2) + c", "theta0": "a=1, b=0.1, c=0"},
    "a model by formula, remembered": {"method": "saga", "model": "a*x1 + exp(b*x2) + c", "eta": "0.01"},
    "formulas": {"method": "nesterov", "features": "x1, x1*x2, exp(x3)"},
    "raw and without intercept": {"method": "svrg", "standardise": False, "intercept": False},
}


def stop_after(looks: int) -> Any:
    """What `watch` is to be: it stops the run at its so-manieth look."""
    left = [looks]

    def watch(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Stopped(Exit.INTERRUPTED)

    return watch


@pytest.mark.parametrize("case", CASES)
def test_stopped_between_steps(case: str, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"steps": 150, "gap": 0.0, **CASES[case]}
    go(begin(table, tmp_path / "whole", **options))
    monkeypatch.setattr(watched, "SHORT", -1.0)
    expected, draw = content(tmp_path / "whole"), random.Random(case)
    for attempt in range(4):
        folder = tmp_path / str(attempt)
        keeper = begin(table, folder, **options)
        for _ in range(40):
            monkeypatch.setattr(keeper, "watch", stop_after(draw.choice([0, 1, 5, 30, 80, 1000])))
            if go(keeper):
                break
            keeper = go_on(folder)
        assert content(folder) == expected


# A signal that is answered inside a callback of the garbage collector is dropped there, and the run goes on.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("case", CASES)
def test_stopped_anywhere(case: str, table: Path, tmp_path: Path) -> None:
    """By the signal of ^C, which comes in the middle of a step as well."""
    steps = 400_000 if case.startswith("sgd, compiled") else 3000
    options = {"steps": steps, "gap": 0.0, "every": steps // 6, **CASES[case]}
    go(begin(table, tmp_path / "whole", **options))
    draw, folder = random.Random(case), tmp_path / "stopped"

    def press(number: int, frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped(Exit.INTERRUPTED)

    def alarm(seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds)

    before = signal.signal(signal.SIGALRM, press), signal.signal(signal.SIGINT, stop)
    try:
        for _ in range(8):
            keeper = go_on(folder) if folder.exists() else begin(table, folder, **options)
            with suppress(Stopped):
                # A process ends with its first signal: none may come once the folder is being left.
                go(keeper, lambda: alarm(draw.uniform(1e-4, 0.05)), lambda: alarm(0.0))
            alarm(0.0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before[0])
        signal.signal(signal.SIGINT, before[1])
    go(go_on(folder))
    assert content(folder) == content(tmp_path / "whole")


@pytest.mark.parametrize("method", ["gd", "sgd", "saga", "lbfgs"])
def test_a_checkpoint_that_is_older_than_the_log(
    method: str, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a killed process leaves it: lines behind the checkpoint, and half a line."""
    options = {"steps": 150, "gap": 0.0, "every": 1, "method": method}
    go(begin(table, tmp_path / "whole", **options))
    folder = tmp_path / "killed"
    monkeypatch.setattr(keeping, "EVERY", 0.0)
    keeper = begin(table, folder, **options)
    watch, looks = keeper.watch, [0]

    def until_20(state: Any) -> None:
        looks[0] += 1
        if looks[0] <= 20:
            watch(state)

    monkeypatch.setattr(keeper, "watch", until_20)
    with keeper:
        from gdcli.descent import report
        from gdcli.render import ndjson

        for step in keeper.run():
            keeper.line(ndjson.step(report.step_report(step), None))  # type: ignore[arg-type]
            if step.t == 100:
                break
    with (folder / "steps.ndjson").open("a", encoding="utf-8") as log:
        log.write('{"kind": "step", "st')
    go(go_on(folder))
    assert content(folder) == content(tmp_path / "whole")


def test_a_run_that_ended_ends_again_the_same(table: Path, tmp_path: Path) -> None:
    go(begin(table, tmp_path / "run", gap=1e-6))
    before = content(tmp_path / "run")
    for _ in range(2):
        go(go_on(tmp_path / "run"))
        assert content(tmp_path / "run") == before


@pytest.mark.parametrize("method", ["gd", "nesterov", "adam", "saga", "sgd", "lbfgs", "armijo"])
def test_more_steps_and_a_smaller_gap(method: str, table: Path, tmp_path: Path) -> None:
    """The steps are those of a run that had them from the beginning (and so is the average, if its weights are)."""
    options = {
        "method": method,
        "eta": None if method in ("lbfgs", "armijo") else "0.01/(1 + t)",
        "averaging": "polyak",
    }
    options = {name: value for name, value in options.items() if value is not None}
    go(begin(table, tmp_path / "whole", steps=157, gap=0.0, **options))
    go(begin(table, tmp_path / "more", steps=61, gap=0.1, **options))
    go(go_on(tmp_path / "more", steps=100))
    go(go_on(tmp_path / "more", gap=0.0))
    go(go_on(tmp_path / "more", epochs=None, steps=157))
    assert content(tmp_path / "more") == content(tmp_path / "whole")


def test_classes(tmp_path: Path) -> None:
    data = write(tmp_path / "classes.csv", classes=3)
    for method in ("gd", "saga", "newton", "adam"):
        go(begin(data, tmp_path / f"{method} whole", method=method, steps=60, gap=0.0))
        folder = tmp_path / method
        keeper = begin(data, folder, method=method, steps=60, gap=0.0)
        keeper.watch = stop_after(4)  # type: ignore[method-assign]
        assert not go(keeper)
        go(go_on(folder))
        assert content(folder) == content(tmp_path / f"{method} whole")


def test_killed_as_soon_as_it_goes_on(table: Path, tmp_path: Path) -> None:
    """Before it writes a line or a checkpoint, and again."""
    go(begin(table, tmp_path / "run", steps=50, gap=0.0, eta="0.01"))
    before = content(tmp_path / "run")
    for _ in range(3):
        with go_on(tmp_path / "run"):
            pass
    go(go_on(tmp_path / "run"))
    assert content(tmp_path / "run") == before
