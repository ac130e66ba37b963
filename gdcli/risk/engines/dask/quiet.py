"""What Dask and its libraries log is no word of gdcli's."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module

_SPEAKERS = ("distributed", "tornado", "bokeh", "asyncio", "concurrent")


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing of it is written inside."""
    # Its import sets up its loggers, and would undo what is done here.
    import_module("distributed")
    with ExitStack() as stack:
        for name in sorted({*logging.root.manager.loggerDict, *_SPEAKERS}):
            if name.partition(".")[0] in _SPEAKERS:
                logger = logging.getLogger(name)
                stack.callback(logger.setLevel, logger.level)
                logger.setLevel(logging.CRITICAL + 1)
        yield


@contextmanager
def unwarned() -> Iterator[None]:
    """No warning of theirs is shown inside."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=rf"({'|'.join(_SPEAKERS)}|dask)\b")
        yield
