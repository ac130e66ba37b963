"""The table behind the default methods and step sizes, measured again: epochs to a relative gap of 1e-3 and of 1e-6.

    python -m tests.benchmarks.bench_defaults [method ...]

Prints a Markdown table: passes over all rows until (R - R*)/(R(0) - R*) is below 1e-3 / 1e-6, beside the figures that
the defaults were chosen by and the ratio of the two, within 3000 passes; for methods that draw rows the relative gap
that 100 epochs leave, of the last iterate and of the average.

The reading that gives gradient descent's figures: features standardised (population variance); squared loss with the
target centred, so that the intercept is 0; logistic loss with lambda = 1/N on all coordinates, the intercept's too.
Diabetes, wine alcohol and digits are bundled; breast cancer has the thirty features of scikit-learn here (the bundled
problem ten), and wine asks for the second cultivar (the bundled problem for the first).

Figures of methods with a line search depend on how its trials are counted: here each is a pass, that of a Hessian is
another, and the gradient at a point that was tried costs nothing more. Armijo's also depend on the first size, as all
others are that one times a power of two: on diabetes it takes from 350 to 1400 passes by that alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gdcli.data.dataset import Dataset, Origin
from gdcli.descent.load import Source, open_problem
from gdcli.descent.options import Options
from gdcli.descent.plan import Plan, prepare
from gdcli.descent.run import Run
from gdcli.descent.stopping import Stopped

GAPS = (1e-3, 1e-6)
BUDGET = 3000
EPOCHS = 100
Figures = tuple[float, float]
# Epochs to the two gaps on each of SETS; nan: more than 3000.
FIGURES: dict[str, tuple[Figures, ...]] = {
    "gd": ((467, 2089), (40, 133), (968, np.nan), (219, 2193), (126, 473)),
    "armijo": ((144, 512), (21, 66), (46, 238), (13, 22), (22, 64)),
    "polyak": ((47, 234), (14, 33), (22, 63), (7, 14), (11, 25)),
    "adgd": ((132, 585), (19, 42), (25, 94), (15, 24), (13, 26)),
    "nesterov": ((61, 89), (14, 35), (76, 365), (31, 164), (24, 82)),
    "lbfgs": ((23, 29), (12, 20), (18, 35), (14, 20), (12, 20)),
    "newton": ((2, 2), (2, 2), (12, 14), (12, 16), (8, 12)),
}
DRAWING = ("sgd", "saga")


def dataset(name: str, X: NDArray[np.float64], y: NDArray[np.float64], labels: tuple[str, ...] | None) -> Dataset:
    """Rows that are not bundled."""
    columns = tuple(f"x{j + 1}" for j in range(X.shape[1]))
    origin = Origin(name, len(X), "0", True, ",")
    return Dataset(np.ascontiguousarray(X, dtype=float), y.astype(float), columns, "y", labels, origin, ())


def bundled(name: str) -> Dataset:
    """A bundled problem's rows, a target of numbers centred."""
    data, _ = open_problem(Source(name), {})
    return data if data.labels else replace(data, y=data.y - data.y.mean())


def cancer() -> Dataset:
    """Breast cancer with all thirty features."""
    from sklearn.datasets import load_breast_cancer

    found = load_breast_cancer()
    return dataset("breast_cancer", found.data, found.target, ("malignant", "benign"))


def cultivar() -> Dataset:
    """The second cultivar of wine against the others."""
    from sklearn.datasets import load_wine

    found = load_wine()
    return dataset("wine", found.data, found.target == 1, ("other", "second"))


SETS: dict[str, Callable[[], Dataset]] = {
    "diabetes": lambda: bundled("diabetes"),
    "wine alcohol": lambda: bundled("wine_alcohol"),
    "breast cancer, 30 features": cancer,
    "digits 0/1": lambda: bundled("digits01"),
    "wine, second cultivar": cultivar,
}
BUNDLED = ("diabetes", "wine alcohol", "digits 0/1")


def planned(name: str, method: str, **options: float) -> Plan:
    """The run in the reading of the table."""
    data = SETS[name]()
    logistic = data.labels is not None
    ridge = {"l2": 1 / len(data.y), "penalise_intercept": True} if logistic else {}
    return prepare(data, Options(method=method, **ridge, **options))


def epochs(name: str, method: str) -> Figures:
    """Passes to each of GAPS; nan where BUDGET does not suffice."""
    plan = planned(name, method, steps=BUDGET)
    gap0 = plan.risk.value(plan.theta0) - plan.certificate.optimum.risk_optimum
    found = []
    for gap in GAPS:
        run = Run(replace(plan, target=gap * gap0), lambda: 0.0)
        run.go_to(BUDGET)
        work = run.state.work / plan.risk.rows
        found.append(work if run.stopped is Stopped.GAP and work <= BUDGET else np.nan)
    return found[0], found[1]


def remaining(name: str, method: str) -> tuple[float, float | None]:
    """The relative gap after EPOCHS epochs, of the last iterate and of the average, if there is one."""
    plan = planned(name, method, epochs=float(EPOCHS), gap=0.0)
    gap0 = plan.risk.value(plan.theta0) - plan.certificate.optimum.risk_optimum
    run = Run(plan, lambda: 0.0)
    run.go_to(plan.steps)
    last = run.measure()
    return last.gap.value / gap0, None if last.averaged is None else last.averaged.value / gap0


def _count(passes: float) -> str:
    return f"> {BUDGET}" if np.isnan(passes) else f"{passes:.0f}"


def _cell(ours: Figures, figures: Figures) -> str:
    """Both counts, the figures, and the ratios."""
    pairs = zip(ours, figures, strict=True)
    ratios = " / ".join("" if np.isnan(a * b) else f"{a / b:.2f}" for a, b in pairs)
    return f"{' / '.join(map(_count, ours))} ({' / '.join(map(_count, figures))}): {ratios}"


def main() -> None:
    """Print the tables."""
    asked = sys.argv[1:] or [*FIGURES, *DRAWING]
    print("| method |", " | ".join(SETS), "|\n|", "---|" * (len(SETS) + 1))
    for method in (name for name in asked if name in FIGURES):
        cells = [_cell(epochs(name, method), known) for name, known in zip(SETS, FIGURES[method], strict=True)]
        print(f"| {method} |", " | ".join(cells), "|", flush=True)
    for method in (name for name in asked if name in DRAWING):
        left = [remaining(name, method) for name in SETS]
        cells = [f"{last:.1e}" + ("" if mean is None else f", average {mean:.1e}") for last, mean in left]
        print(f"| {method}, {EPOCHS} epochs leave |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
