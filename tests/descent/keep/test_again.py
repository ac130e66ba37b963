"""`rerun`: equal to the bit, or the first thing that is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdcli.descent.keep import again, checkpoint
from gdcli.descent.keep.again import Written, rerun
from gdcli.descent.keep.files import seal
from gdcli.descent.method import names
from gdcli.render import json as document
from gdcli.render import ndjson
from gdcli.results.rerun import RerunReport
from tests.descent.keep.runs import LOOK, begin, go, go_on
from tests.descent.keep.test_resume import stop_after

WRITTEN = Written(lambda step: ndjson.step(step, LOOK), lambda report: document.result(report, LOOK))


def once_more(folder: Path) -> RerunReport:
    return rerun(folder, WRITTEN, lambda: 0.0)


@pytest.mark.parametrize("method", names())
def test_every_method_comes_out_the_same(method: str, table: Path, tmp_path: Path) -> None:
    go(begin(table, tmp_path / "run", method=method, steps=60, gap=0.0))
    found = once_more(tmp_path / "run")
    assert (found.equal, found.difference) == (True, None)
    assert found.lines == len((tmp_path / "run" / "steps.ndjson").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("method", ["gd", "sgd", "svrg", "nesterov"])
def test_a_run_that_was_interrupted_or_extended(method: str, table: Path, tmp_path: Path) -> None:
    keeper = begin(table, tmp_path / "run", method=method, steps=60, gap=0.0, eta="0.01")
    keeper.watch = stop_after(7)  # type: ignore[method-assign]
    assert not go(keeper)
    half = once_more(tmp_path / "run")
    assert half.equal
    assert half.steps < 60
    go(go_on(tmp_path / "run"))
    go(go_on(tmp_path / "run", steps=90))
    whole = once_more(tmp_path / "run")
    assert (whole.equal, whole.steps) == (True, 90)


def test_a_run_without_a_checkpoint(table: Path, tmp_path: Path) -> None:
    with begin(table, tmp_path / "run"):
        pass
    found = once_more(tmp_path / "run")
    assert (found.equal, found.lines, found.steps) == (True, 0, 0)


def test_the_first_line_that_differs(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go(begin(table, tmp_path / "run", steps=30, gap=0.0, eta="0.01"))
    step = again.report.step_report

    def other(found: Any) -> Any:
        made = step(found)
        return made if made.step < 5 else type(made)(**{n: getattr(made, n) for n in made.__slots__} | {"risk": 1.0})

    monkeypatch.setattr(again.report, "step_report", other)
    first = once_more(tmp_path / "run").difference
    assert first is not None
    assert (first.step, first.key, first.again) == (5, "risk", 1.0)


def test_one_bit_of_theta(table: Path, tmp_path: Path) -> None:
    go(begin(table, tmp_path / "run", steps=30, gap=0.0, eta="0.01"))
    loaded = checkpoint.load(tmp_path / "run", json.loads((tmp_path / "run" / "manifest.json").read_bytes())["run"], 4)
    assert loaded is not None
    found, state = loaded
    moved = state.theta.copy()
    moved[1] = np.nextafter(moved[1], np.inf)
    changed = checkpoint.Checkpoint.of(found.run, state._replace(theta=moved), 0.0, found.stopped, found.log)
    (tmp_path / "run" / "checkpoint.json").write_text(seal(changed), encoding="utf-8")
    first = once_more(tmp_path / "run").difference
    assert first is not None
    assert (first.step, first.key, first.saved, first.again) == (30, "theta: x2", moved[1], state.theta[1])


def test_a_report_that_was_edited(table: Path, tmp_path: Path) -> None:
    go(begin(table, tmp_path / "run", steps=30, gap=0.0, eta="0.01"))
    path = tmp_path / "run" / "result.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"risk": 0.0}), encoding="utf-8")
    first = once_more(tmp_path / "run").difference
    assert first is not None
    assert (first.key, first.saved) == ("risk", 0.0)
