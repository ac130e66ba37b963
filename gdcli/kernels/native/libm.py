"""The mathematical library of the system, which Python's math module calls too: the same function, the same bits."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from gdcli.kernels.native.library import LIBM

_OF_TWO = ("atan2", "pow")


@cache
def library() -> ctypes.CDLL:
    """What is loaded already; on Windows the C runtime."""
    return ctypes.CDLL("ucrtbase") if sys.platform == "win32" else ctypes.CDLL(None)


def address(name: str) -> int:
    """Where the function is."""
    return ctypes.cast(_function(name), ctypes.c_void_p).value or 0


def ieee(name: str) -> Callable[..., float]:
    """The function as it is, with nan and infinities where math raises an exception."""
    function = _function(name)
    function.restype = ctypes.c_double
    function.argtypes = [ctypes.c_double] * (2 if name in _OF_TWO else 1)
    called: Callable[..., float] = function
    return called


def _function(name: str) -> Any:
    if name not in LIBM:
        raise KeyError(name)
    return getattr(library(), name)
