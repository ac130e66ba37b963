"""The generator of random numbers: its stream, and a signal while numpy loads it."""

from __future__ import annotations

import ast
import signal
import subprocess
import sys

import numpy as np
import pytest

from gdcli.errors import Exit
from gdcli.generator import generator
from tests.test_house import modules

# The compiled modules of numpy.random register their arrays as sequences, and go on whatever comes of it.
PROGRAM = """
import abc, collections.abc, signal, sys
from gdcli.__main__ import main

register = abc.ABCMeta.register

def pressed(cls, subclass):
    if cls is collections.abc.Sequence and subclass.__module__.startswith("numpy.random"):
        print("pressed", file=sys.stderr)
        signal.raise_signal({number})
    return register(cls, subclass)

abc.ABCMeta.register = pressed
main()
"""


@pytest.mark.parametrize("seed", [0, 7, [3, 5]])
def test_it_is_numpys_own(seed: int | list[int]) -> None:
    assert np.array_equal(generator(seed).random(9), np.random.default_rng(seed).random(9))


def test_nobody_else_makes_one() -> None:
    """numpy.random as an attribute or a name would be imported where a signal may be lost."""
    for path in modules():
        if path.name != "generator.py":
            tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            names = {node.attr for node in tree if isinstance(node, ast.Attribute)}
            assert names & {"PCG64", "default_rng", "RandomState"} == set(), path


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)])
def test_a_signal_while_it_is_loaded_ends_the_run(number: signal.Signals, code: Exit) -> None:
    args = ["descend", "diabetes", "--method", "sgd", "--steps", "2000", "--gap", "0", "-q"]
    program = PROGRAM.format(number=int(number))
    done = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=False)
    assert "pressed" in done.stderr
    assert done.returncode == code, done.stderr
