"""Which options may be set once for all calls, in a file or the environment: an explicit list, by command.

What belongs to one call is not in it (a formula's point, a picture, a dry run), nor is anything that names a file: a
gdcli.toml that lies in a folder by chance can neither have one written nor read. Formulas are read by gdcli's parser.
"""

from __future__ import annotations

from collections.abc import Mapping

Kind = type[str] | type[int] | type[float] | type[bool]
Value = str | int | float | bool

_LOOK: dict[str, Kind] = {"format": str, "color": str, "quiet": bool, "verbose": int}
_LIMITS: dict[str, Kind] = {"timeout": float, "memory": str}
_FORMULA: dict[str, Kind] = {"strict": bool} | _LIMITS
_DESCENT: dict[str, Kind] = {"eta": str, "steps": int} | _LIMITS
_RISK: dict[str, Kind] = {
    "loss": str,
    "target": str,
    "features": str,
    "l2": float,
    "epochs": float,
    "batch": str,
    "sampling": str,
    "seed": int,
    "raw": bool,
    "no-intercept": bool,
    "penalise-intercept": bool,
}
_DESCEND: dict[str, Kind] = {
    "method": str,
    "model": str,
    "theta0": str,
    "l1": float,
    "averaging": str,
    "gap": float,
    "max-gap": float,
    "every": int,
    "engine": str,
    "threads": int,
    "scheduler": str,
    "holdout": float,
}

KEYS: Mapping[str, Mapping[str, Kind]] = {
    "grad": _LOOK | _FORMULA | {"steps": bool, "expand": bool},
    "derive": _LOOK | _FORMULA | {"steps": bool},
    "tangent": _LOOK | _FORMULA,
    "chain": _LOOK | _FORMULA | {"tape": bool},
    "steepest": _LOOK | _FORMULA,
    "differentiable": _LOOK | _FORMULA,
    "curvature": _LOOK | _FORMULA,
    "check": _LOOK | _FORMULA,
    "minimize": _LOOK | _FORMULA | _DESCENT | {"method": str, "grad-tol": float, "gap": float, "every": int},
    "descend": _LOOK | _RISK | _DESCENT | _DESCEND,
    "rate": _LOOK | _RISK | _DESCENT | {"methods": str, "seeds": int, "at": str, "jobs": int},
    "rerun": _LOOK,
    "predict": _LOOK | _LIMITS,
    "plot": _LOOK,
    "problems": _LOOK,
    "cache": _LOOK,
    "config": _LOOK,
    "schema": {"verbose": int},
    "help": {},
    "man": {},
    "completion": {},
}
"""The options of each command, by their flags without dashes, and the type of their values."""


def general() -> dict[str, Kind]:
    """The options that may be set for all commands at once: those that mean one thing wherever they are."""
    kinds: dict[str, set[Kind]] = {}
    for own in KEYS.values():
        for key, kind in own.items():
            kinds.setdefault(key, set()).add(kind)
    return {key: found.pop() for key, found in kinds.items() if len(found) == 1}


def holders(key: str) -> list[str]:
    """The commands that have an option."""
    return [command for command, own in KEYS.items() if key in own]


def parameter(key: str) -> str:
    """What a command's function calls the option."""
    return key.replace("-", "_")
