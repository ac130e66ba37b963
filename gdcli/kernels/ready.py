"""The built-in formulas, derived ahead of time: made by tests/kernels/derive_ready.py, held by a test."""

from __future__ import annotations

from gdcli.kernels.derived import Derived

READY = (
    Derived(
        formula="(p - y)^2/2",
        arguments=("p", "y"),
        shown=("(p - y)**2/2", "p - y", "1"),
        source="""\
def d0(p, y):
    return (0.5*((p + (-1.0*y))**2))


def d1(p, y):
    return (p + (-1.0*y))


def d2(p, y):
    return 1.0
""",
    ),
    Derived(
        formula="softplus(-y*p)",
        arguments=("p", "y"),
        shown=("softplus(-p*y)", "-y*sigmoid(-p*y)", "y**2*sigmoid(-p*y)*sigmoid(p*y)"),
        source="""\
def d0(p, y):
    return softplus((-1.0*p*y))


def d1(p, y):
    return (-1.0*y*sigmoid((-1.0*p*y)))


def d2(p, y):
    return ((y**2)*sigmoid((p*y))*sigmoid((-1.0*p*y)))
""",
    ),
    Derived(
        formula="1/L",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0"),
        shown=("1/L",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0):
    return (1.0/L)
""",
    ),
    Derived(
        formula="1/(2*L_max*sqrt(1 + t/N))",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0"),
        shown=("1/(2*L_max*sqrt(t/N + 1))",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0):
    return (0.5*(1.0/L_max)*(1.0/sqrt((1.0 + (t*(1.0/N))))))
""",
    ),
)
