"""From a CSV file to theta in a process of its own, all caches warm: seconds, memory, and R at the end."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.engine.bench import Bench
from tests.benchmarks.engine.data import TOLERANCE, risk, sample
from tests.benchmarks.engine.peers.vowpalwabbit import ROWS as VW_ROWS
from tests.benchmarks.engine.peers.vowpalwabbit import write as write_vw
from tests.benchmarks.engine.processes import race
from tests.benchmarks.engine.report import WORSE, Section, mark
from tests.benchmarks.engine.tables import write

HEAD = ["command", "rows", "epochs", "median s", "least s", "times gdcli's", "peak MB", "peak / matrix", "R at the end"]
READ = {
    False: 'np.loadtxt(path, delimiter=",", skiprows=1)',
    True: '__import__("polars").read_csv(path).to_numpy(order="c")',
}
SKLEARN = """
import json, sys
import numpy as np
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import StandardScaler
path = sys.argv[1]
data = {read}
scaler = StandardScaler()
X = scaler.fit_transform(data[:, :-1])
model = SGDClassifier(loss="log_loss", max_iter={epochs}, tol=None, random_state=0).fit(X, data[:, -1])
theta = model.coef_[0] / scaler.scale_
print(json.dumps([*theta, model.intercept_[0] - theta @ scaler.mean_]))
"""


@dataclass(frozen=True)
class Way:
    """A command, and how theta with the intercept at its end is found in what it printed."""

    command: list[str]
    theta: Callable[[str], Any]


def measure(bench: Bench) -> list[Section]:
    """Small, middling and large files; each command's own rule for its step sizes, the same number of epochs."""
    table = [HEAD]
    for rows, width, epochs in ((500, 5, 100), (bench.rows // 10, 20, 5), (bench.rows, 20, 1)):
        table += _race(bench, rows, width, epochs)
    note = (
        "Logistic loss; scikit-learn standardises as gdcli does and reads by polars where that is faster; Vowpal "
        "Wabbit is given its own text format, once parsed. Peak / matrix: of the whole process, in sizes of the "
        "float64 table. "
        f"{WORSE}: R at the end is above the least one on the same file by more than {100 * TOLERANCE:g} %."
    )
    return [Section("Whole process", table, (note,))]


def _race(bench: Bench, rows: int, width: int, epochs: int) -> list[list[str]]:
    X, y = sample("logistic", rows, width)
    path = bench.folder / f"process-{rows}.csv"
    write(path, np.column_stack([X, y > 0]))
    ways = _ways(bench, path, (X, y), epochs)
    found = race({name: way.command for name, way in ways.items()}, bench.crew.rounds)
    risks = {}
    for name, way in ways.items():
        *theta, intercept = way.theta(found[name].said)
        risks[name] = risk("logistic", X, y, theta, intercept)
    size = 8 * rows * (width + 1)
    return [
        [
            *(name, f"{rows} x {width}", str(epochs)),
            *(f"{one.median:.3f}", f"{one.least:.3f}", f"{one.over(found['gdcli']):.3g}"),
            *(f"{one.peak / 1e6:.0f}", f"{one.peak / size:.2f}" if size > 1e8 else ""),
            f"{risks[name]:.6g}{mark(risks[name], min(risks.values()))}",
        ]
        for name, one in found.items()
    ]


def _ways(bench: Bench, path: Path, rows: tuple[Any, Any], epochs: int) -> dict[str, Way]:
    options = ["--method", "sgd", "--epochs", str(epochs), "--gap", "0", "--format", "json"]
    ways = {"gdcli": Way([sys.executable, "-m", "gdcli", "descend", str(path), *options], _from_json)}
    if "sklearn" in bench.libraries:
        large = len(rows[1]) > 5000 and find_spec("polars") is not None
        script = SKLEARN.format(read=READ[large], epochs=epochs)
        ways["scikit-learn"] = Way([sys.executable, "-c", script, str(path)], json.loads)
    if "vowpalwabbit" in bench.libraries and len(rows[1]) <= VW_ROWS:
        text, model = path.with_suffix(".vw"), path.with_suffix(".model")
        write_vw(text, *rows)
        files = f"-d {text} --cache_file {path.with_suffix('.cache')} -b 10 --readable_model {model} --quiet"
        command = [sys.executable, "-m", "vowpalwabbit", *files.split()]
        rule = ["--loss_function", "logistic", "--passes", str(epochs), "--holdout_off"]
        width = rows[0].shape[1]
        ways["Vowpal Wabbit"] = Way([*command, *rule], lambda _: _from_model(model, width))
    return ways


def _from_json(said: str) -> list[float]:
    return list(json.loads(said)["theta"].values())


def _from_model(path: Path, width: int) -> list[float]:
    """Lines index:weight; the index that is no column's is the constant's."""
    found = re.findall(r"^(\d+):(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    weights = {int(index): float(weight) for index, weight in found}
    constant = sum(weight for index, weight in weights.items() if index >= width)
    return [*(weights.get(j, 0.0) for j in range(width)), constant]
