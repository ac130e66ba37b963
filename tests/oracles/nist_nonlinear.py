"""The nonlinear sets of NIST's Statistical Reference Datasets, with NIST's two starts and certified values.

Data and certified values: NIST/ITL, Statistical Reference Datasets, Nonlinear Regression, in the public domain
(https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml). `solved` computes the certified parameters again at 50
digits: a slip in a number here would show there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import mpmath
from sympy import Symbol, lambdify
from sympy.parsing.sympy_parser import convert_xor, parse_expr, standard_transformations

DIGITS = 50


def numbers(text: str) -> tuple[str, ...]:
    """Numbers as they are written."""
    return tuple(text.split())


@dataclass(frozen=True)
class Nist:
    """y and the columns as texts, the model (`logarithm`: of log(y)), two starts, certified theta and its squares."""

    y: tuple[str, ...]
    x: dict[str, tuple[str, ...]]
    model: str
    starts: tuple[tuple[float, ...], tuple[float, ...]]
    certified: tuple[float, ...]
    squares: float
    logarithm: bool = field(default=False)

    @property
    def parameters(self) -> tuple[str, ...]:
        """b1, b2, ..."""
        return tuple(f"b{j + 1}" for j in range(len(self.certified)))

    def start(self, which: int) -> str:
        """A start as --theta0 takes it."""
        return ", ".join(f"{name}={value!r}" for name, value in zip(self.parameters, self.starts[which], strict=True))

    def targets(self) -> list[mpmath.mpf]:
        """What the model is fitted to."""
        with mpmath.workdps(DIGITS):
            return [mpmath.log(mpmath.mpf(y)) if self.logarithm else mpmath.mpf(y) for y in self.y]

    def csv(self) -> str:
        """A file of the set, the target last."""
        targets = self.y if not self.logarithm else [mpmath.nstr(value, 20) for value in self.targets()]
        rows = zip(*self.x.values(), targets, strict=True)
        return "\n".join([",".join([*self.x, "y"]), *(",".join(row) for row in rows)]) + "\n"


@cache
def solved(name: str) -> tuple[list[mpmath.mpf], mpmath.mpf]:
    """The parameters and the sum of squares at 50 digits: Gauss-Newton steps from the certified values."""
    case = SETS[name]
    with mpmath.workdps(DIGITS):
        columns = [[mpmath.mpf(value) for value in column] for column in case.x.values()]
        rows, targets = list(zip(*columns, strict=True)), case.targets()
        symbols = [Symbol(s) for s in (*case.parameters, *case.x)]
        names = {str(symbol): symbol for symbol in symbols}
        f = parse_expr(case.model, names, transformations=(*standard_transformations, convert_xor))
        functions = [lambdify(symbols, g, "mpmath") for g in (f, *(f.diff(s) for s in symbols[: len(case.certified)]))]
        theta = [mpmath.mpf(value) for value in case.certified]
        for _ in range(40):
            values = [[function(*theta, *row) for function in functions] for row in rows]
            residuals = mpmath.matrix([y - value[0] for y, value in zip(targets, values, strict=True)])
            J = mpmath.matrix([value[1:] for value in values])
            step = mpmath.lu_solve(J.T * J, J.T * residuals)
            theta = [t + s for t, s in zip(theta, step, strict=True)]
            if all(abs(s) <= abs(t) * mpmath.mpf(10) ** -25 for s, t in zip(step, theta, strict=True)):
                break
        residuals = [y - functions[0](*theta, *row) for y, row in zip(targets, rows, strict=True)]
        return theta, mpmath.fsum(r * r for r in residuals)


MISRA_Y = numbers("10.07 14.73 17.94 23.93 29.61 35.18 40.02 44.82 50.76 55.05 61.01 66.40 75.47 81.78")
MISRA_X = {"x": numbers("77.6 114.9 141.1 190.8 239.9 289.0 332.8 378.4 434.8 477.3 536.8 593.1 689.1 760.0")}
CUBIC = "(b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)"
EXPONENTIALS = "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)"
LANCZOS_STARTS = ((1.2, 0.3, 5.6, 5.5, 6.5, 7.6), (0.5, 0.7, 3.6, 4.2, 4.0, 6.3))
LANCZOS_X = {"x": tuple(f"{0.05 * i:.2f}" for i in range(24))}


def lanczos(digits: int = 0, decimals: int = 0) -> tuple[str, ...]:
    """The made-up function of these sets at x = 0, 0.05, ..., 1.15, to so many digits, or decimals."""
    with mpmath.workdps(DIGITS):
        terms = [("0.0951", 1), ("0.8607", 3), ("1.5576", 5)]
        places = [mpmath.mpf(x) for x in LANCZOS_X["x"]]
        values = [mpmath.fsum(mpmath.mpf(a) * mpmath.exp(-rate * x) for a, rate in terms) for x in places]
        if decimals:
            return tuple(mpmath.nstr(mpmath.nint(value * 10**decimals) / 10**decimals, 15) for value in values)
        return tuple(mpmath.nstr(value, digits, min_fixed=0, max_fixed=0) for value in values)


SETS = {
    "Misra1a": Nist(
        MISRA_Y, MISRA_X, "b1*(1 - exp(-b2*x))", ((500, 1e-4), (250, 5e-4)),
        (2.3894212918e02, 5.5015643181e-04), 1.2455138894e-01,
    ),
    "Misra1b": Nist(
        MISRA_Y, MISRA_X, "b1*(1 - (1 + b2*x/2)^(-2))", ((500, 1e-4), (300, 2e-4)),
        (3.3799746163e02, 3.9039091287e-04), 7.5464681533e-02,
    ),
    "Misra1c": Nist(
        MISRA_Y, MISRA_X, "b1*(1 - (1 + 2*b2*x)^(-1/2))", ((500, 1e-4), (600, 2e-4)),
        (6.3642725809e02, 2.0813627256e-04), 4.0966836971e-02,
    ),
    "Misra1d": Nist(
        MISRA_Y, MISRA_X, "b1*b2*x/(1 + b2*x)", ((500, 1e-4), (450, 3e-4)),
        (4.3736970754e02, 3.0227324449e-04), 5.6419295283e-02,
    ),
    "Chwirut2": Nist(
        numbers(
            "92.9 57.1 31.05 11.5875 8.025 63.6 21.4 14.25 8.475 63.8 26.8 16.4625 7.125 67.3 41.0 21.15 8.175 81.5 "
            "13.12 59.9 14.62 32.9 5.44 12.56 5.44 32.0 13.95 75.8 20.0 10.42 59.5 21.67 8.55 62.0 20.2 7.76 3.75 "
            "11.81 54.7 23.7 11.55 61.3 17.7 8.74 59.2 16.3 8.62 81.0 4.87 14.62 81.7 17.17 81.3 28.9"
        ),
        {
            "x": numbers(
                "0.5 1.0 1.75 3.75 5.75 0.875 2.25 3.25 5.25 0.75 1.75 2.75 4.75 0.625 1.25 2.25 4.25 0.5 3.0 0.75 3.0 "
                "1.5 6.0 3.0 6.0 1.5 3.0 0.5 2.0 4.0 0.75 2.0 5.0 0.75 2.25 3.75 5.75 3.0 0.75 2.5 4.0 0.75 2.5 4.0 "
                "0.75 2.5 4.0 0.5 6.0 3.0 0.5 2.75 0.5 1.75"
            )
        },
        "exp(-b1*x)/(b2 + b3*x)", ((0.1, 0.01, 0.02), (0.15, 0.008, 0.01)),
        (1.6657666537e-01, 5.1653291286e-03, 1.2150007096e-02), 5.1304802941e02,
    ),
    "DanWood": Nist(
        numbers("2.138 3.421 3.597 4.340 4.882 5.660"), {"x": numbers("1.309 1.471 1.490 1.565 1.611 1.680")},
        "b1*x^b2", ((1, 5), (0.7, 4)), (7.6886226176e-01, 3.8604055871e00), 4.3173084083e-03,
    ),
    "Lanczos1": Nist(
        lanczos(digits=13), LANCZOS_X, EXPONENTIALS, LANCZOS_STARTS,
        (9.5100000027e-02, 1.0000000001e00, 8.6070000013e-01, 3.0000000002e00, 1.5575999998e00, 5.0000000001e00),
        1.4307867721e-25,
    ),
    "Lanczos2": Nist(
        lanczos(digits=6), LANCZOS_X, EXPONENTIALS, LANCZOS_STARTS,
        (9.6251029939e-02, 1.0057332849e00, 8.6424689056e-01, 3.0078283915e00, 1.5529016879e00, 5.0028798100e00),
        2.2299428125e-11,
    ),
    "Lanczos3": Nist(
        lanczos(decimals=4), LANCZOS_X, EXPONENTIALS, LANCZOS_STARTS,
        (8.6816414977e-02, 9.5498101505e-01, 8.4400777463e-01, 2.9515951832e00, 1.5825685901e00, 4.9863565084e00),
        1.6117193594e-08,
    ),
    "Nelson": Nist(
        numbers(
            "15 17 15.5 16.5 15.5 15 16 14.5 15 14.5 12.5 11 14 13 14 11.5 14 16 13 13.5 13 13.5 12.5 12.5 12.5 12 "
            "11.5 12 13 11.5 13 12.5 13.5 17.5 17.5 13.5 12.5 12.5 15 13 12 13 12 13.5 10 11.5 11 9.5 15 15 15.5 16 "
            "13 10.5 13.5 14 12.5 12 11.5 11.5 6.5 5.5 6 6 18.5 17 15.3 16 13 14 12.5 11 12 12 11.5 12 6 6 5 5.5 "
            "12.5 13 16 12 11 9.5 11 11 11 10 10.5 10.5 2.7 2.7 2.5 2.4 13 13.5 16.5 13.6 11.5 10.5 13.5 12 7 6.9 "
            "8.8 7.9 1.2 1.5 1 1.5 13 12.5 16.5 16 11 11.5 10.5 10 7.27 7.5 6.7 7.6 1.5 1 1.2 1.2"
        ),
        {
            "x1": tuple(time for time in numbers("1 2 4 8 16 32 48 64") for _ in range(16)),
            "x2": tuple(heat for _ in range(8) for heat in numbers("180 225 250 275") for _ in range(4)),
        },
        "b1 - b2*x1*exp(-b3*x2)", ((2, 1e-4, -0.01), (2.5, 5e-9, -0.05)),
        (2.5906836021e00, 5.6177717026e-09, -5.7701013174e-02), 3.7976833176e00, logarithm=True,
    ),
    "MGH17": Nist(
        numbers(
            "0.844 0.908 0.932 0.936 0.925 0.908 0.881 0.850 0.818 0.784 0.751 0.718 0.685 0.658 0.628 0.603 0.580 "
            "0.558 0.538 0.522 0.506 0.490 0.478 0.467 0.457 0.448 0.438 0.431 0.424 0.420 0.414 0.411 0.406"
        ),
        {"x": tuple(str(10 * i) for i in range(33))}, "b1 + b2*exp(-x*b4) + b3*exp(-x*b5)",
        ((50, 150, -100, 1, 2), (0.5, 1.5, -1, 0.01, 0.02)),
        (3.7541005211e-01, 1.9358469127e00, -1.4646871366e00, 1.2867534640e-02, 2.2122699662e-02), 5.4648946975e-05,
    ),
    "Roszman1": Nist(
        numbers(
            "0.252429 0.252141 0.251809 0.297989 0.296257 0.295319 0.339603 0.337731 0.333820 0.389510 0.386998 "
            "0.438864 0.434887 0.427893 0.471568 0.461699 0.461144 0.513532 0.506641 0.505062 0.535648 0.533726 "
            "0.568064 0.612886 0.624169"
        ),
        {
            "x": numbers(
                "-4868.68 -4868.09 -4867.41 -3375.19 -3373.14 -3372.03 -2473.74 -2472.35 -2469.45 -1894.65 -1893.40 "
                "-1497.24 -1495.85 -1493.41 -1208.68 -1206.18 -1206.04 -997.92 -996.61 -996.31 -834.94 -834.66 "
                "-710.03 -530.16 -464.17"
            )
        },
        "b1 - b2*x - atan(b3/(x - b4))/pi", ((0.1, -1e-5, 1000, -100), (0.2, -5e-6, 1200, -150)),
        (2.0196866396e-01, -6.1953516256e-06, 1.2044556708e03, -1.8134269537e02), 4.9484847331e-04,
    ),
    "MGH09": Nist(
        numbers("0.1957 0.1947 0.1735 0.16 0.0844 0.0627 0.0456 0.0342 0.0323 0.0235 0.0246"),
        {"x": numbers("4 2 1 0.5 0.25 0.167 0.125 0.1 0.0833 0.0714 0.0625")},
        "b1*(x^2 + x*b2)/(x^2 + x*b3 + b4)", ((25, 39, 41.5, 39), (0.25, 0.39, 0.415, 0.39)),
        (1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01), 3.0750560385e-04,
    ),
    "Thurber": Nist(
        numbers(
            "80.574 84.248 87.264 87.195 89.076 89.608 89.868 90.101 92.405 95.854 100.696 101.060 401.672 390.724 "
            "567.534 635.316 733.054 759.087 894.206 990.785 1090.109 1080.914 1122.643 1178.351 1260.531 1273.514 "
            "1288.339 1327.543 1353.863 1414.509 1425.208 1421.384 1442.962 1464.350 1468.705 1447.894 1457.628"
        ),
        {
            "x": numbers(
                "-3.067 -2.981 -2.921 -2.912 -2.840 -2.797 -2.702 -2.699 -2.633 -2.481 -2.363 -2.322 -1.501 -1.460 "
                "-1.274 -1.212 -1.100 -1.046 -0.915 -0.714 -0.566 -0.545 -0.400 -0.309 -0.109 -0.103 0.010 0.119 "
                "0.377 0.790 0.963 1.006 1.115 1.572 1.841 2.047 2.200"
            )
        },
        CUBIC, ((1000, 1000, 400, 40, 0.7, 0.3, 0.03), (1300, 1500, 500, 75, 1, 0.4, 0.05)),
        (
            1.2881396800e03, 1.4910792535e03, 5.8323836877e02, 7.5416644291e01, 9.6629502864e-01, 3.9797285797e-01,
            4.9727297349e-02,
        ),
        5.6427082397e03,
    ),
    "BoxBOD": Nist(
        numbers("109 149 149 191 213 224"), {"x": numbers("1 2 3 5 7 10")}, "b1*(1 - exp(-b2*x))",
        ((1, 1), (100, 0.75)), (2.1380940889e02, 5.4723748542e-01), 1.1680088766e03,
    ),
    "Rat42": Nist(
        numbers("8.930 10.800 18.590 22.330 39.350 56.110 61.730 64.620 67.080"),
        {"x": numbers("9 14 21 28 42 57 63 70 79")},
        "b1/(1 + exp(b2 - b3*x))", ((100, 1, 0.1), (75, 2.5, 0.07)),
        (7.2462237576e01, 2.6180768402e00, 6.7359200066e-02), 8.0565229338e00,
    ),
    "MGH10": Nist(
        numbers("34780 28610 23650 19630 16370 13720 11540 9744 8261 7030 6005 5147 4427 3820 3307 2872"),
        {"x": tuple(str(50 + 5 * i) for i in range(16))}, "b1*exp(b2/(x + b3))",
        ((2, 400000, 25000), (0.02, 4000, 250)),
        (5.6096364710e-03, 6.1813463463e03, 3.4522363462e02), 8.7945855171e01,
    ),
    "Eckerle4": Nist(
        numbers(
            "0.0001575 0.0001699 0.0002350 0.0003102 0.0004917 0.0008710 0.0017418 0.0046400 0.0065895 0.0097302 "
            "0.0149002 0.0237310 0.0401683 0.0712559 0.1264458 0.2073413 0.2902366 0.3445623 0.3698049 0.3668534 "
            "0.3106727 0.2078154 0.1164354 0.0616764 0.0337200 0.0194023 0.0117831 0.0074357 0.0022732 0.0008800 "
            "0.0004579 0.0002345 0.0001586 0.0001143 0.0000710"
        ),
        {
            "x": numbers(
                "400 405 410 415 420 425 430 435 436.5 438 439.5 441 442.5 444 445.5 447 448.5 450 451.5 453 454.5 456 "
                "457.5 459 460.5 462 463.5 465 470 475 480 485 490 495 500"
            )
        },
        "(b1/b2)*exp(-((x - b3)/b2)^2/2)", ((1, 10, 500), (1.5, 5, 450)),
        (1.5543827178e00, 4.0888321754e00, 4.5154121844e02), 1.4635887487e-03,
    ),
    "Rat43": Nist(
        numbers(
            "16.08 33.83 65.80 97.20 191.55 326.20 386.87 520.53 590.03 651.92 724.93 699.56 689.96 637.56 717.41"
        ),
        {"x": tuple(str(i) for i in range(1, 16))}, "b1/(1 + exp(b2 - b3*x))^(1/b4)",
        ((100, 10, 1, 1), (700, 5, 0.75, 1.3)),
        (6.9964151270e02, 5.2771253025e00, 7.5962938329e-01, 1.2792483859e00), 8.7864049080e03,
    ),
}  # fmt: skip
