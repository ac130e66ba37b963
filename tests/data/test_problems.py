"""The bundled problems: every card true to its file, every R* held by two methods that are not ours."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
import statsmodels.api as sm

from gdcli.data import generators, problems
from gdcli.errors import DataError, UsageError
from tests.oracles import optimum as oracle
from tests.oracles.make_samples import TABLES
from tests.oracles.samples import FOLDER, NAMES, Sample, sample

SHIPPED = [name for name in NAMES if (FOLDER / f"{name}.csv").exists()]
GENERATED = [name for name in SHIPPED if problems.card(name).generator is not None]
UNPENALISED = [c.name for c in problems.cards() if (c.loss, c.attained, c.l2) == ("logistic", True, 0.0) and c.path]


def near(a: float, b: float, rel: float) -> bool:
    return math.isclose(a, b, rel_tol=rel, abs_tol=0.0)


def test_the_issue_is_met() -> None:
    assert len(NAMES) >= 14
    assert set(TABLES) | set(GENERATED) == set(SHIPPED)
    assert set(NAMES) == set(problems.names())
    assert {path.stem for path in FOLDER.glob("*.csv")} <= set(NAMES)
    losses = {card.loss for card in problems.cards()}
    assert losses == set(problems.LOSSES)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_card_tells_the_shape_of_its_file(name: str) -> None:
    card = problems.card(name)
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream, strict=True))
    assert len(rows) == card.rows
    assert len(header) - 1 == card.features
    assert header[-1] == card.target, "the target stands last, so that a copy needs no --target"
    assert all(len(row) == len(header) and all(row) for row in rows)
    assert all(column.isidentifier() and column.islower() for column in header)
    assert len(set(header)) == len(header)
    assert b"\r" not in (FOLDER / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", SHIPPED)
def test_cells_are_the_shortest_text_of_their_doubles(name: str) -> None:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        _, *rows = list(csv.reader(stream))
    labelled = problems.card(name).loss in ("logistic", "softmax")
    for row in rows:
        for cell in row[: len(row) - labelled]:
            assert math.isfinite(float(cell))
            assert cell in (repr(float(cell)), str(int(float(cell))))


@pytest.mark.parametrize("name", NAMES)
def test_risk_optimum_by_two_other_methods(name: str) -> None:
    told = problems.card(name).risk_optimum
    assert near(oracle.optimum(name), told, 1e-12)
    assert near(oracle.second(name), told, 1e-10)


@pytest.mark.parametrize("name", UNPENALISED)
def test_risk_optimum_by_statsmodels(name: str) -> None:
    problem = sample(name)
    fit = sm.Logit((problem.floats()[1] + 1) / 2, oracle.standardised(problem)).fit(disp=0, tol=1e-12)
    assert near(-fit.llf / len(problem.y), problems.card(name).risk_optimum, 1e-10)


@pytest.mark.parametrize("name", [name for name in NAMES if problems.card(name).loss == "logistic"])
def test_attained_where_no_direction_separates_a_row(name: str) -> None:
    card = problems.card(name)
    if card.rows > oracle.LARGE or card.l2:
        assert card.attained
        return
    free = len(oracle.overlapping(sample(name)))
    assert card.attained == (free == card.rows)
    assert (card.risk_optimum == 0) == (free == 0)


@pytest.mark.slow
def test_the_optimum_of_the_large_problem_in_thirty_digits() -> None:
    problem = sample("big", problems.locate("big"))
    assert near(float(oracle.logistic_exact(problem, 30)), problems.card("big").risk_optimum, 1e-13)


def test_what_the_cards_say() -> None:
    def condition(name: str) -> float:
        Z = oracle.standardised(sample(name))
        low, *_, high = np.linalg.eigvalsh(Z.T @ Z / len(Z))
        return float(high / low)

    assert 465 < condition("diabetes") < 475
    assert condition("ill_conditioned") > 1e9
    assert condition("line") == pytest.approx(1, rel=1e-12)
    assert condition("wine_alcohol") < 50
    blank = [not any(column) for column in zip(*sample("digits01").X, strict=True)]
    assert any(blank)
    *_, second, first = np.sort(sample("statecrime").floats()[1])
    assert first > 1.9 * second
    y = sample("strikes").floats()[1]
    assert problems.card("strikes").risk_optimum / (y.var() / 2) == pytest.approx(7 / 8, abs=0.01)


@pytest.mark.parametrize("name", TABLES)
def test_a_real_file_is_what_its_source_ships(name: str) -> None:
    header, rows = TABLES[name]()
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        found = list(csv.reader(stream))
    assert found[0] == header
    for cells, row in zip(found[1:], rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            assert cell == value if isinstance(value, str) else near(float(cell), value, 1e-14)


def test_line_by_hand() -> None:
    assert problems.card("line").risk_optimum == 0.36
    rows = [(0, 1), (1, 3), (2, 2), (3, 5), (4, 4)]
    assert sum((1.4 + 0.8 * x - y) ** 2 for x, y in rows) / 10 == pytest.approx(0.36, rel=1e-14)


def test_all_thirty_columns_of_breast_cancer_are_separable() -> None:
    from sklearn.datasets import load_breast_cancer

    X, y = load_breast_cancer(return_X_y=True)
    exact = [[Fraction(float(x)) for x in row] for row in X]
    whole = Sample("all thirty", [], exact, [Fraction(2 * int(k) - 1) for k in y], {})
    assert len(oracle.overlapping(whole)) == 0


@pytest.mark.parametrize("name", ["gd_rate", "sgd_rate"])
def test_the_spectrum_is_exact(name: str) -> None:
    card = problems.card(name)
    X, y = sample(name).floats()
    H = X.T @ X / len(X)
    expected = np.round(10 ** np.linspace(-2, 0, card.features), 5) ** 2
    assert np.diag(expected) == pytest.approx(H, abs=1e-15)
    noise = card.generator.params["noise"]
    assert np.abs(X @ np.full(card.features, 0.5) - y) == pytest.approx(np.full(len(y), noise), abs=1e-12)
    assert card.risk_optimum == pytest.approx(noise**2 / 2, rel=1e-15)


def test_gd_falls_like_one_over_t_on_gd_rate() -> None:
    X = sample("gd_rate").floats()[0]
    lam = (X**2).mean(axis=0)
    t = np.unique(np.logspace(0.5, 3.2, 60).astype(int))
    gap = np.array([(lam * (0.5 * (1 - lam) ** k) ** 2).sum() / 2 for k in t])
    last = t >= t[-1] / 10**1.5
    assert np.polyfit(np.log(t[last]), np.log(gap[last]), 1)[0] == pytest.approx(-1.05, abs=0.02)
    middle = (t >= 10) & (t <= 1000)
    assert np.ptp(t[middle] * gap[middle]) < 0.15 * (t[middle] * gap[middle]).max()


def sgd_gaps(seeds: int, steps: int, c: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean gap, its standard error and the exact expectation after each step of single-sample SGD, eta = c/sqrt(t)."""
    X, y = sample("sgd_rate").floats()
    lam = (X**2).mean(axis=0)
    random = np.random.default_rng(0)
    theta, v = np.zeros((seeds, X.shape[1])), np.full(X.shape[1], 0.25)
    mean, error, exact = [], [], []
    for t in range(1, steps + 1):
        eta = c / math.sqrt(t)
        i = random.integers(len(y), size=seeds)
        theta -= eta * ((X[i] * theta).sum(axis=1) - y[i])[:, None] * X[i]
        v = (1 - 2 * eta * lam) * v + eta**2 * lam * (lam @ v + 1)
        gaps = (theta - 0.5) ** 2 @ lam / 2
        mean.append(gaps.mean())
        error.append(gaps.std() / math.sqrt(seeds))
        exact.append(lam @ v / 2)
    return np.array(mean), np.array(error), np.array(exact)


def test_sgd_obeys_the_recursion_of_the_generator_and_falls_like_one_over_root_t() -> None:
    mean, error, exact = sgd_gaps(seeds=400, steps=3000, c=0.25)
    assert np.abs((mean - exact) / error)[::100].max() < 4
    t = np.arange(1, 3001)
    last = t >= 3000 / 10**1.5
    assert np.polyfit(np.log(t[last]), np.log(exact[last]), 1)[0] == pytest.approx(-0.5, abs=0.04)
    assert np.polyfit(np.log(t[last]), np.log(mean[last]), 1)[0] == pytest.approx(-0.5, abs=0.06)


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_file_is_what_its_generator_makes(name: str) -> None:
    text = io.StringIO(newline="")
    generators.write(text, problems.card(name).generator.make())
    assert text.getvalue().encode() == (FOLDER / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("make", generators.GENERATORS.values(), ids=generators.GENERATORS)
def test_a_generator_is_pure_and_its_seed_matters(make: Callable[..., generators.Problem]) -> None:
    params = {
        "spectrum": {"rows": 16, "features": 5, "coefficient": 0.5, "noise": 0.1},
        "powers": {"rows": 10, "degree": 3},
        "clouds": {"rows": 10, "distance": 0.1},
        "touching": {"rows": 10, "undecided": 4},
        "logistic": {"rows": 10, "features": 2},
    }[make.__name__]
    header, X, y = make(1, **params)
    again = make(1, **params)
    assert (again[0], again[1].tolist(), again[2]) == (header, X.tolist(), y)
    assert X.shape == (len(y), len(header) - 1)
    assert not (make(2, **params)[1] == X).all()


def test_a_spectrum_needs_a_power_of_two() -> None:
    with pytest.raises(ValueError, match="needs a power of two, not 12"):
        generators.spectrum(1, rows=12, features=5, coefficient=0.5, noise=0.1)


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(UsageError) as caught:
        problems.card("diabets")
    assert caught.value.message == 'no bundled problem is called "diabets"'
    assert caught.value.hint.startswith('did you mean "diabetes"? the problems are anes96, big, ')
    with pytest.raises(UsageError, match=r"\\x1b"):
        problems.card("\x1b[31m")


def test_listing_and_summary() -> None:
    shown = problems.listing().problems
    assert tuple(problem.name for problem in shown) == problems.names()
    assert {problem.name for problem in shown if problem.file is None} == {"big"}
    one = problems.summary(problems.card("line"))
    assert (one.rows, one.features, one.risk_optimum) == (5, 1, 0.36)
    assert Path(one.file) == problems.locate("line")


def test_copy_makes_a_new_file_only(tmp_path: Path) -> None:
    to = tmp_path / "mine.csv"
    assert problems.copy("line", str(to)) == to
    assert to.read_bytes() == (FOLDER / "line.csv").read_bytes()
    with pytest.raises(UsageError, match="is there already"):
        problems.copy("line", str(to))
    with pytest.raises(UsageError, match=r"cannot be written: No such file or directory"):
        problems.copy("line", str(tmp_path / "none" / "mine.csv"))
    with pytest.raises(UsageError, match="no bundled problem"):
        problems.copy("lime", str(tmp_path / "lime.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


GOOD = (FOLDER / "line.toml").read_text(encoding="utf-8")
GENERATOR = '\n[generator]\nname = "clouds"\nseed = 1\nrows = 4\n'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("title = ", "it cannot be read"),
        (GOOD.replace("loss = ", "lose = "), "the key loss is missing"),
        (GOOD + "extra = 1\n", "the key extra is not known"),
        (GOOD.replace("rows = 5", 'rows = "5"'), "rows = '5' is not a whole number"),
        (GOOD.replace("rows = 5", "rows = true"), "rows = True is not a whole number"),
        (GOOD.replace("attained = true", "attained = 1"), "attained = 1 is not true or false"),
        (GOOD.replace("risk_optimum = 0.36", "risk_optimum = nan"), "risk_optimum = nan is not finite"),
        (GOOD + "columns = [1]\n", "columns = [1] is not a list of names"),
        (GOOD.replace('"squared"', '"cubic"'), "loss = 'cubic' is neither of squared, logistic"),
        (GOOD.replace('target = "y"', 'target = ""'), "target is empty"),
        (GOOD + "on_demand = true\n", "on_demand needs a generator"),
        (GOOD + GENERATOR.replace("seed = 1", ""), "the generator needs a name and a whole seed"),
        (GOOD + GENERATOR.replace("rows = 4", 'rows = "4"'), "the generator's arguments must be numbers"),
        (GOOD, "bad.csv is missing beside it"),
    ],
)
def test_a_malformed_card_names_itself(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        problems.read_card(path)
    assert caught.value.message.startswith(f"malformed card: {why}")
    assert caught.value.file == str(path)


def test_a_card_with_its_own_columns(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("x,y\n0,1\n")
    (tmp_path / "own.toml").write_text(GOOD + 'columns = ["x"]\n', encoding="utf-8")
    assert problems.read_card(tmp_path / "own.toml").columns == ("x",)


def test_mpmath_is_left_at_its_precision() -> None:
    oracle.optimum("iris")
    assert mpmath.mp.dps == 15
