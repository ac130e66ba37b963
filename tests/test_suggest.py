"""Did you mean: the nearest of the known names, or nothing."""

from __future__ import annotations

from gdcli.suggest import nearest, suggestion


def test_the_nearest_name_is_found() -> None:
    assert nearest("tahn", ["sin", "tanh"]) == "tanh"
    assert nearest("q", ["sin", "tanh"]) is None
    assert nearest("x", []) is None
    assert nearest("gard", ["rate", "grad"]) == "grad"


def test_it_is_suggested() -> None:
    assert suggestion("BMl", ["age", "bmi"]) == 'did you mean "bmi"? '
    assert suggestion("Age", ["age", "bmi"]) == 'did you mean "age"? '
    assert suggestion("qqq", ["age", "bmi"]) == ""


def test_what_is_suggested_is_shown_not_interpreted() -> None:
    assert suggestion("bmi", ["bmi\x1b"]) == 'did you mean "bmi\\x1b"? '


def test_of_equals_the_one_of_the_same_letters_comes_first() -> None:
    assert nearest("sdg", ["dog", "gd", "sag", "sgd"]) == "sgd"
    assert nearest("beta", ["beta2", "epsilon", "beta1"]) == "beta1"
