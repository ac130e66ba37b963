"""The built-in formulas, derived ahead of time. Made by tests/kernels/derive_ready.py; a test derives them again."""

from __future__ import annotations

from gdcli.kernels.derived import Derived

READY = (
    Derived(
        formula="(p - y)^2/2",
        arguments=("p", "y"),
        shown=("(p - y)**2/2", "p - y", "1"),
        source="def d0(p, y):\n    return (0.5*((p + (-1.0*y))**2))\n\n\n"
        "def d1(p, y):\n    return (p + (-1.0*y))\n\n\ndef d2(p, y):\n    return 1.0\n",
    ),
    Derived(
        formula="softplus(-y*p)",
        arguments=("p", "y"),
        shown=("softplus(-p*y)", "-y*sigmoid(-p*y)", "y**2*sigmoid(p*y)*sigmoid(-p*y)"),
        source="def d0(p, y):\n    return softplus((-1.0*p*y))\n\n\n"
        "def d1(p, y):\n    return (-1.0*y*sigmoid((-1.0*p*y)))\n\n\n"
        "def d2(p, y):\n    return ((y**2)*sigmoid((-1.0*p*y))*(1.0 + (-1.0*sigmoid((-1.0*p*y)))))\n",
    ),
    Derived(
        formula="1/L",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0"),
        shown=("1/L",),
        source="def d0(t, epoch, L, L_max, mu, N, T, eta0):\n    return (1.0/L)\n",
    ),
    Derived(
        formula="1/(2*L_max*sqrt(1 + t/N))",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0"),
        shown=("1/(2*L_max*sqrt(1 + t/N))",),
        source="def d0(t, epoch, L, L_max, mu, N, T, eta0):\n"
        "    return (0.5*(1.0/L_max)*(1.0/sqrt((1.0 + (t*(1.0/N))))))\n",
    ),
)
