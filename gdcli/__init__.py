"""gdcli: why does gradient descent work, and how long does it take? Answered with running code.

The library's face, under the commands' and the field's names: `parse`, `gradient`, `derivative`, `linearize`, `chain`,
`steepest`, `differentiable`, `curvature`, `check` and `minimize` for formulas; `read`, `dataset`, `descend`, `resume`,
`rerun`, `predict`, `rate` and `problems` for data. Results are the frozen dataclasses of `gdcli.results`, the same that
the commands print; failures are the exceptions of `gdcli.errors`.
Importing gdcli imports neither sympy nor numpy: each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdcli.api.data import dataset, descend, predict, problems, rate, read, rerun, resume
    from gdcli.api.formulas import (
        chain,
        check,
        curvature,
        derivative,
        differentiable,
        gradient,
        linearize,
        minimize,
        parse,
        steepest,
    )

__all__ = [
    "chain",
    "check",
    "curvature",
    "dataset",
    "derivative",
    "descend",
    "differentiable",
    "gradient",
    "linearize",
    "minimize",
    "parse",
    "predict",
    "problems",
    "rate",
    "read",
    "rerun",
    "resume",
    "steepest",
]
__version__ = "0.1.0"

_DATA = frozenset({"dataset", "descend", "predict", "problems", "rate", "read", "rerun", "resume"})


def __getattr__(name: str) -> object:
    """A name of the face, from the module that has it (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'gdcli' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"gdcli.api.{'data' if name in _DATA else 'formulas'}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
