"""The tree keeps what sympy erases; spans mark exactly their piece; parsing loads no sympy."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction

import pytest

from gdcli.language import parse
from gdcli.language.names import as_product, natural
from gdcli.language.tree import Negate, Number, Product, Quotient, Sum, Variable, walk

S = (0, 0)
x, y = Variable(S, "x"), Variable(S, "y")


def test_what_sympy_erases_is_kept() -> None:
    assert parse("x/x").tree == Quotient(S, x, x)
    assert parse("y + x - x").tree == Sum(S, (y, x, Negate(S, x)))
    assert parse("(y + x) + x").tree == Sum(S, (Sum(S, (y, x)), x))
    assert parse("2 y x").tree == Product(S, (Number(S, Fraction(2)), y, x))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("2 + sin(x)^2", {"2 + sin(x)^2", "2", "sin(x)^2", "sin(x)", "x"}),
        ("  (a + b)*c ", {"(a + b)*c", "(a + b)", "a", "b", "c"}),
        ("-x_1 - |y|", {"-x_1 - |y|", "-x_1", "x_1", "- |y|", "|y|", "y"}),
    ],
)
def test_spans(text: str, pieces: set[str]) -> None:
    assert {text[node.span[0] : node.span[1]] for node, _ in walk(parse(text).tree)} >= pieces


@pytest.mark.parametrize(
    "text", ["1 if x>0 else y", "sum(x_i*i, i=1..3)", "max([x, y]) + |x|/2^y", "x if 0<x<1 or not y>2 else 3"]
)
def test_rebuilt_from_its_children(text: str) -> None:
    for node, _ in walk(parse(text).tree):
        assert node.rebuilt(node.children) == node


def test_parsing_loads_no_sympy() -> None:
    code = (
        "import sys; from gdcli.language import parse, parse_point; from gdcli.errors import GdcliError\n"
        "parse('sum(softplus(x_i), i=1..3)'); parse_point('1,2', ['x', 'y'])\n"
        "for bad in ('__import__(\"os\")', 'x.__class__', 'eval(x)', 'sympy.E', '[].append'):\n"
        "    try: parse(bad)\n"
        "    except GdcliError: pass\n"
        "    else: sys.exit(bad)\n"
        "sys.exit(', '.join(m for m in ('sympy', 'mpmath', 'numpy') if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_sympy_counts_in_pure_python() -> None:
    code = (
        "import gdcli.language, sympy, mpmath\n"
        "from sympy.external.gmpy import GROUND_TYPES\n"
        "print(GROUND_TYPES, mpmath.libmp.BACKEND)"
    )
    environment = os.environ | {"SYMPY_GROUND_TYPES": "auto"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["python", "python"]


def test_names() -> None:
    assert sorted(["x10", "x2", "y", "x", "alpha"], key=natural) == ["alpha", "x", "x2", "x10", "y"]
    assert as_product("x1x2x1", ["x1", "x2"]) == ["x1", "x2", "x1"]
    assert as_product("xz", ["x", "y"]) is None
