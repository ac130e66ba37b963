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
        formula="|p - y|",
        arguments=("p", "y"),
        shown=("abs(p - y)", "sign(p - y)", "0"),
        source="""\
def d0(p, y):
    return abs_((p + (-1.0*y)))


def d1(p, y):
    return sign((p + (-1.0*y)))


def d2(p, y):
    return 0.0


def left(p, y):
    return where(((p + (-1.0*y)) > 0.0), 1.0, -1.0)


def right(p, y):
    return where(((p + (-1.0*y)) >= 0.0), 1.0, -1.0)
""",
        kinked=True,
    ),
    Derived(
        formula="0.5*relu(y - p) + (1 - 0.5)*relu(p - y)",
        arguments=("p", "y"),
        shown=("relu(y - p)/2 + relu(p - y)/2", "(1 if p - y > 0 else 0)/2 - (1 if p - y < 0 else 0)/2", "0"),
        source="""\
def d0(p, y):
    return ((0.5*relu((p + (-1.0*y)))) + (0.5*relu((y + (-1.0*p)))))


def d1(p, y):
    return ((0.5*where(((p + (-1.0*y)) > 0.0), 1.0, 0.0)) + (-0.5*where(((p + (-1.0*y)) < 0.0), 1.0, 0.0)))


def d2(p, y):
    return 0.0


def left(p, y):
    return ((0.5*where(((p + (-1.0*y)) > 0.0), 1.0, 0.0)) + (0.5*where(((p + (-1.0*y)) <= 0.0), -1.0, 0.0)))


def right(p, y):
    return ((0.5*where(((p + (-1.0*y)) >= 0.0), 1.0, 0.0)) + (0.5*where(((p + (-1.0*y)) < 0.0), -1.0, 0.0)))
""",
        kinked=True,
    ),
    Derived(
        formula="relu(1 - y*p)",
        arguments=("p", "y"),
        shown=("relu(1 - p*y)", "-y*(1 if p*y < 1 else 0)", "0"),
        source="""\
def d0(p, y):
    return relu((1.0 + (-1.0*p*y)))


def d1(p, y):
    return (-1.0*y*where(((p*y) < 1.0), 1.0, 0.0))


def d2(p, y):
    return 0.0


def left(p, y):
    return where((((p*y) < 1.0) | ((y > 0.0) & ((p*y) == 1.0))), (-1.0*y), 0.0)


def right(p, y):
    return where((((p*y) < 1.0) | ((y < 0.0) & ((p*y) == 1.0))), (-1.0*y), 0.0)
""",
        kinked=True,
    ),
    Derived(
        formula="(p - y)^2/2 if |p - y| <= 1 else |p - y| - 1/2",
        arguments=("p", "y"),
        shown=(
            "(p - y)**2/2 if abs(p - y) <= 1 else abs(p - y) - 1/2",
            "p - y if abs(p - y) <= 1 else sign(p - y)",
            "1 if abs(p - y) <= 1 else 0",
        ),
        source="""\
def d0(p, y):
    return where((abs_((p + (-1.0*y))) <= 1.0), (0.5*((p + (-1.0*y))**2)), (-0.5 + abs_((p + (-1.0*y)))))


def d1(p, y):
    return where((abs_((p + (-1.0*y))) <= 1.0), (p + (-1.0*y)), sign((p + (-1.0*y))))


def d2(p, y):
    return where((abs_((p + (-1.0*y))) <= 1.0), 1.0, 0.0)
""",
    ),
    Derived(
        formula="log(cosh(p - y))",
        arguments=("p", "y"),
        shown=("log(cosh(p - y))", "tanh(p - y)", "4*sigmoid(2*y - 2*p)*sigmoid(2*p - 2*y)"),
        source="""\
def d0(p, y):
    return logcosh((p + (-1.0*y)))


def d1(p, y):
    return tanh((p + (-1.0*y)))


def d2(p, y):
    return (4.0*sigmoid(((-2.0*p) + (2.0*y)))*sigmoid(((-2.0*y) + (2.0*p))))
""",
    ),
    Derived(
        formula="relu(1 - y*p)^2",
        arguments=("p", "y"),
        shown=("relu(1 - p*y)**2", "-2*y*relu(1 - p*y)", "2*y**2*(1 if p*y < 1 else 0)"),
        source="""\
def d0(p, y):
    return (relu((1.0 + (-1.0*p*y)))**2)


def d1(p, y):
    return (-2.0*y*relu((1.0 + (-1.0*p*y))))


def d2(p, y):
    return (2.0*(y**2)*where(((p*y) < 1.0), 1.0, 0.0))
""",
    ),
    Derived(
        formula="exp(-y*p)",
        arguments=("p", "y"),
        shown=("exp(-p*y)", "-y*exp(-p*y)", "y**2*exp(-p*y)"),
        source="""\
def d0(p, y):
    return exp((-1.0*p*y))


def d1(p, y):
    return (-1.0*y*exp((-1.0*p*y)))


def d2(p, y):
    return ((y**2)*exp((-1.0*p*y)))
""",
    ),
    Derived(
        formula="exp(p) - y*p",
        arguments=("p", "y"),
        shown=("exp(p) - p*y", "exp(p) - y", "exp(p)"),
        source="""\
def d0(p, y):
    return ((-1.0*p*y) + exp(p))


def d1(p, y):
    return ((-1.0*y) + exp(p))


def d2(p, y):
    return exp(p)
""",
    ),
    Derived(
        formula="0",
        arguments=("y",),
        shown=("0",),
        source="""\
def d0(y):
    return 0.0
""",
    ),
    Derived(
        formula="2*y*log(1 + 2*y) - 2*y",
        arguments=("y",),
        shown=("2*y*log(2*y + 1) - 2*y",),
        source="""\
def d0(y):
    return ((-2.0*y) + (2.0*y*log((1.0 + (2.0*y)))))
""",
    ),
    Derived(
        formula="1/L",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("1/L",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (1.0/L)
""",
    ),
    Derived(
        formula="1/(2*L_max*sqrt(1 + t/N))",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("1/(2*L_max*sqrt(t/N + 1))",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.5*(1.0/L_max)*(1.0/sqrt((1.0 + (t*(1.0/N))))))
""",
    ),
    Derived(
        formula="D/(G*sqrt(T))",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("D/(G*sqrt(T))",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (D*(1.0/G)*(1.0/sqrt(T)))
""",
    ),
    Derived(
        formula="1/(4*L_max)",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("1/(4*L_max)",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.25*(1.0/L_max))
""",
    ),
    Derived(
        formula="1/(3*L_max)",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("1/(3*L_max)",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.3333333333333333*(1.0/L_max))
""",
        tails=((0.3333333333333333, 1.850371707708594e-17),),
    ),
    Derived(
        formula="1/(16*L_max)",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("1/(16*L_max)",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.0625*(1.0/L_max))
""",
    ),
    Derived(
        formula="0.1/(2*L_max*sqrt(1 + t/N))",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("1/(20*L_max*sqrt(t/N + 1))",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.05*(1.0/L_max)*(1.0/sqrt((1.0 + (t*(1.0/N))))))
""",
        tails=((0.05, -2.7755575615628915e-18),),
    ),
    Derived(
        formula="0.1*D/(G*sqrt(T))",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("D/(10*G*sqrt(T))",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.1*D*(1.0/G)*(1.0/sqrt(T)))
""",
        tails=((0.1, -5.551115123125783e-18),),
    ),
    Derived(
        formula="D/sqrt(2)",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("sqrt(2)*D/2",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.5*D*sqrt(2.0))
""",
    ),
    Derived(
        formula="0.1*D/sqrt(1 + t)",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("D/(10*sqrt(t + 1))",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.1*D*(1.0/sqrt((1.0 + t))))
""",
        tails=((0.1, -5.551115123125783e-18),),
    ),
    Derived(
        formula="0.01/sqrt(1 + t/N)",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("1/(100*sqrt(t/N + 1))",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.01*(1.0/sqrt((1.0 + (t*(1.0/N))))))
""",
        tails=((0.01, -2.0816681711721684e-19),),
    ),
    Derived(
        formula="eta0",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("eta0",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return eta0
""",
    ),
    Derived(
        formula="eta0/sqrt(1 + t)",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("eta0/sqrt(t + 1)",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (eta0*(1.0/sqrt((1.0 + t))))
""",
    ),
    Derived(
        formula="eta0/(1 + t)",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("eta0/(t + 1)",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (eta0*(1.0/(1.0 + t)))
""",
    ),
    Derived(
        formula="2/(mu*(t + 4*L_max/mu))",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("2/(mu*(4*L_max/mu + t))",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (2.0*(1.0/mu)*(1.0/(t + (4.0*L_max*(1.0/mu)))))
""",
    ),
    Derived(
        formula="eta0*(1 + cos(pi*t/T))/2",
        arguments=("t", "epoch", "L", "L_max", "mu", "N", "T", "eta0", "D", "G"),
        shown=("eta0*(cos(pi*t/T) + 1)/2",),
        source="""\
def d0(t, epoch, L, L_max, mu, N, T, eta0, D, G):
    return (0.5*eta0*(1.0 + cos((3.141592653589793*t*(1.0/T)))))
""",
        tails=((3.141592653589793, 1.2246467991473532e-16),),
    ),
)
