"""Under which heading of a help page an option stands."""

from __future__ import annotations

# In the order of the pages; what is in none of them stands under the last but one.
REST = "Options"
GROUPS: dict[str, tuple[str, ...]] = {
    "Formula": ("at", "wrt", "along", "on", "value", "slope", "grad", "file", "vars", "strict"),
    "Data and model": (
        *("target", "features", "model", "loss", "l1", "l2", "penalise_intercept", "no_intercept", "raw"),
        *("holdout", "validate"),
    ),
    "Method and step size": (
        *("start", "method", "methods", "eta", "theta0", "batch", "sampling", "averaging", "seed", "seeds"),
    ),
    "Stopping": ("steps", "epochs", "gap", "max_gap", "grad_tol"),
    "Saved runs": ("save", "resume"),
    "Engine and limits": ("engine", "threads", "scheduler", "jobs", "memory", "timeout"),
    REST: ("limit", "copy", "version"),
    "Output": ("dry_run", "expand", "tape", "every", "plot", "format", "json", "color", "quiet", "verbose", "help"),
}
# Options that share their name with another command's and nothing else.
OWN = {("grad", "steps"): "Output", ("derive", "steps"): "Output", ("rate", "at"): "Output"}
_BY_NAME = {name: heading for heading, names in GROUPS.items() for name in names}


def heading(command: str, option: str) -> str:
    """The heading for an option of a command, by the names of both."""
    return OWN.get((command, option)) or _BY_NAME.get(option, REST)
