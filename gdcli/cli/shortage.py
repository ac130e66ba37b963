"""Which failures mean that the system ran short of memory, files or processes, and are no bug."""

from __future__ import annotations

from gdcli.errors import SHORTAGES, ExhaustedError, lacks_memory


def shortage(error: Exception) -> ExhaustedError | None:
    """The error to show for it; None for anything else."""
    if isinstance(error, OSError) and error.errno in SHORTAGES:
        cause = f"the system ran short: {error.strerror}"
        return ExhaustedError(cause, hint="close other programs, or allow more (ulimit -a)")
    if lacks_memory(error):
        return ExhaustedError("out of memory", hint="use a smaller formula or data set, or allow more (ulimit -v)")
    return None
