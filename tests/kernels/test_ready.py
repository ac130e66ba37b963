from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

import gdcli.kernels.ready
from gdcli.descent import method
from gdcli.kernels.cache import derived
from gdcli.kernels.derived import Derived
from gdcli.kernels.ready import READY
from gdcli.kernels.source import derive

SPEC = importlib.util.spec_from_file_location("derive_ready", Path(__file__).with_name("derive_ready.py"))
assert SPEC is not None
derive_ready = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(derive_ready)


@pytest.mark.parametrize("ready", READY, ids=lambda ready: ready.formula)
def test_what_ships_is_what_the_calculus_derives(ready: Derived) -> None:
    assert derive(ready.formula, ready.arguments, len(ready.shown) - 1) == ready


def test_the_shipped_page_is_the_generated_one() -> None:
    assert Path(gdcli.kernels.ready.__file__).read_text(encoding="utf-8") == derive_ready.page()


def test_every_built_in_formula_ships() -> None:
    shipped = [(ready.formula, ready.arguments, len(ready.shown) - 1) for ready in READY]
    assert shipped == derive_ready.built_in()


@pytest.mark.parametrize("name", method.names())
def test_no_method_derives_its_own_schedule_at_run_time(name: str) -> None:
    for whole in (True, False):
        assert {*method.find(name, whole=whole).schedules} - {"1"} <= {ready.formula for ready in READY}


def test_a_built_in_formula_is_found_without_the_calculus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gdcli.kernels.source", None)
    assert derived("softplus(-y*p)", ("p", "y"), order=2) is READY[1]


def test_another_formula_is_derived() -> None:
    found = derived("(p - y)^4", ("p", "y"), order=1)
    assert found.formula == "(p - y)^4"
    assert len(found.shown) == 2
