"""Write every CSV of sample_problems again: real data as scikit-learn and statsmodels ship it, the rest generated.

Run from the checkout with the test dependencies installed: ``python -m tests.oracles.make_samples``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gdcli.data import generators, problems
from tests.oracles.samples import FOLDER

Cell = str | int | float
Table = tuple[list[str], list[list[Cell]]]


def diabetes() -> Table:
    """All ten features in their own units."""
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(scaled=False)
    return _table([*bunch.feature_names, "target"], bunch.data, bunch.target)


def breast_cancer() -> Table:
    """The ten means; the target is the diagnosis in words."""
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    names = [str(name).replace(" ", "_") for name in bunch.feature_names[:10]]
    return _table([*names, "diagnosis"], bunch.data[:, :10], bunch.target_names[bunch.target])


def iris() -> Table:
    """Versicolor and virginica, the two species that overlap."""
    from sklearn.datasets import load_iris

    bunch = load_iris()
    keep = bunch.target > 0
    names = [name.removesuffix(" (cm)").replace(" ", "_") for name in bunch.feature_names]
    return _table([*names, "species"], bunch.data[keep], bunch.target_names[bunch.target[keep]])


def iris3() -> Table:
    """All three species."""
    from sklearn.datasets import load_iris

    bunch = load_iris()
    names = [name.removesuffix(" (cm)").replace(" ", "_") for name in bunch.feature_names]
    return _table([*names, "species"], bunch.data, bunch.target_names[bunch.target])


def wine_alcohol() -> Table:
    """The alcohol content against the other twelve measurements."""
    bunch, names = _wine()
    return _table([*names[1:], "alcohol"], bunch.data[:, 1:], bunch.data[:, 0])


def wine() -> Table:
    """The first cultivar against the other two."""
    bunch, names = _wine()
    return _table([*names, "cultivar"], bunch.data, ["rest" if k else "first" for k in bunch.target])


def _wine() -> tuple[Any, list[str]]:
    from sklearn.datasets import load_wine

    bunch = load_wine()
    return bunch, [name.replace("od280/od315_of_diluted_wines", "od280_od315") for name in bunch.feature_names]


def digits01() -> Table:
    """The images of 0 and 1, all 64 pixels."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    keep = bunch.target < 2
    return _table([*bunch.feature_names, "digit"], bunch.data[keep], bunch.target[keep])


def longley() -> Table:
    """Total employment against six economic series."""
    return _statsmodels("longley", "TOTEMP")


def stackloss() -> Table:
    """Ammonia lost in a plant against three operating conditions."""
    return _statsmodels("stackloss", "STACKLOSS")


def engel() -> Table:
    """Food expenditure against household income."""
    return _statsmodels("engel", "foodexp")


def statecrime() -> Table:
    """The murder rate against five figures of each state."""
    return _statsmodels("statecrime", "murder", without=["violent"])


def anes96() -> Table:
    """The expected vote against nine answers (the population as it is; its logarithm would tell it twice)."""
    return _statsmodels("anes96", "vote", without=["logpopul"])


def strikes() -> Table:
    """How long a strike lasted against unanticipated industrial production."""
    return _statsmodels("strikes", "duration")


def _statsmodels(module: str, target: str, without: Sequence[str] = ()) -> Table:
    from importlib import import_module

    frame = import_module(f"statsmodels.datasets.{module}").load_pandas().data
    names = [name for name in frame.columns if name not in (target, *without)]
    return _table([*map(str.lower, names), target.lower()], frame[names].to_numpy(), frame[target].to_numpy())


def line() -> Table:
    """Five points whose line can be fitted by hand."""
    return ["x", "y"], [[0, 1], [1, 3], [2, 2], [3, 5], [4, 4]]


def _table(header: list[str], X: Iterable[Iterable[Any]], y: Iterable[Any]) -> Table:
    rows = [[*row, target] for row, target in zip(X, y, strict=True)]
    columns = [_cells(column) for column in zip(*rows, strict=True)]
    return header, [list(row) for row in zip(*columns, strict=True)]


def _cells(column: Sequence[Any]) -> list[Cell]:
    """Words stay words; a column of whole numbers is written without decimal points."""
    if isinstance(column[0], str):
        return [str(value) for value in column]
    values = [float(value) for value in column]
    return [int(value) for value in values] if all(map(float.is_integer, values)) else list(values)


TABLES: dict[str, Callable[[], Table]] = {
    make.__name__: make
    for make in (
        anes96,
        breast_cancer,
        diabetes,
        digits01,
        engel,
        iris,
        iris3,
        line,
        longley,
        stackloss,
        statecrime,
        strikes,
        wine,
        wine_alcohol,
    )
}


def main() -> None:
    """Write the file of every card that has one."""
    for card in problems.cards():
        if card.on_demand:
            continue
        with (FOLDER / f"{card.name}.csv").open("w", encoding="utf-8", newline="") as stream:
            if card.generator is not None:
                generators.write(stream, card.generator.make())
            else:
                header, rows = TABLES[card.name]()
                out = csv.writer(stream, lineterminator="\n")
                out.writerows([header, *rows])


if __name__ == "__main__":
    main()
