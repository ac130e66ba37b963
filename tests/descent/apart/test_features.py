"""--features over rows in parts: columns and formulas, as where all rows are at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gdcli.data.dataset import Dataset
from gdcli.data.partitions import portions, reading
from gdcli.data.progress import UNWATCHED
from gdcli.data.readers import read
from gdcli.descent.models.features import Features
from gdcli.descent.options import Options
from gdcli.descent.plan import prepare
from gdcli.errors import DataError
from gdcli.language.budget import USUAL
from tests.oracles.here import Here
from tests.oracles.holders import Holders


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of a few rows."""
    cut = portions.portions
    monkeypatch.setattr(reading, "portions", lambda files, columns: cut(files, columns, 7 * 8 * (columns + 1)))


@pytest.fixture
def source(tmp_path: Path) -> str:
    for number, words in enumerate((["red", "blue"], ["green", "red"])):
        rows = "".join(f"{words[i % 2]},{i},{1 + i * number},{i % 5}\n" for i in range(1, 20))
        (tmp_path / f"{number}.csv").write_text("colour,a,b b,y\n" + rows)
    return str(tmp_path / "*.csv")


def together(source: str, text: str) -> Dataset:
    features = Features(text)
    return features.applied(read(source, features=features), USUAL)


def apart(source: str, text: str) -> Dataset:
    features = Features(text)
    return features.applied(reading.read(Holders(), source, None, features, UNWATCHED), USUAL)


@pytest.mark.parametrize("text", ["2-3", "colour, a^2, x3", "log(a)*x3, 1/x3, colour"])
def test_columns_and_formulas_are_those_of_all_rows_at_once(source: str, text: str) -> None:
    local, there = together(source, text), apart(source, text)
    for name in ("columns", "choices", "reading", "labels", "origin"):
        assert getattr(there, name) == getattr(local, name), name
    assert there.apart is not None
    assert isinstance(there.apart.parts, Here)
    assert np.vstack([part.X for part in there.apart.parts.parts]).tobytes() == local.X.tobytes()
    assert there.X.shape == (0, len(local.columns))


@pytest.mark.parametrize("text", ["1/(x3 - 13)", "colour*2, a", "zz"])
def test_what_is_refused_is_refused_alike(source: str, text: str) -> None:
    errors = []
    for way in (together, apart):
        with pytest.raises(DataError) as error:
            way(source, text)
        errors.append((str(error.value), error.value.hint))
    assert errors[0] == errors[1]
    assert "13)" not in text or "data row 31, where x3 = 13" in errors[1][0]


def test_a_loss_by_a_formula_is_as_steep_as_at_any_target(tmp_path: Path) -> None:
    # |phi'| reaches 2 + cos y, the most at y = 0, in the midst of the targets.
    file = tmp_path / "a.csv"
    file.write_text("a,y\n" + "".join(f"{i % 7},{y}\n" for i, y in enumerate(np.linspace(-3, 3, 41))))
    there = reading.read(Holders(), str(file), None, None, UNWATCHED)
    plan = prepare(there, Options(engine="dask", loss="(2 + cos(y))*log(1 + exp(p - y))", l2=0.1))
    assert plan.risk.loss.lipschitz == pytest.approx(3.0, rel=1e-12)


def test_a_target_of_many_values_is_no_two_classes(source: str) -> None:
    there = reading.read(Holders(), source, "a", ["b b"], UNWATCHED)
    with pytest.raises(DataError, match="two classes are needed, and a has 5 values or more"):
        prepare(there, Options(engine="dask", loss="logistic"))
