"""R* and its proof, by the solver and the certificate made for the kind of risk at hand; each is loaded when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdcli.risk.certificate.gap import Certificate
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.sparse import SparseRisk

if TYPE_CHECKING:
    from gdcli.risk.apart.risk import ApartRisk
    from gdcli.risk.models.formula import ModelRisk
    from gdcli.risk.models.softmax import SoftmaxRisk


def held(risk: EmpiricalRisk) -> int:
    """About how many bytes R* and its proof hold at once, X among them; 0 where they pass over the rows in blocks.

    The interior point method and the pairs of doubles behind it hold vectors of all rows and a whitened X, the softmax
    loss these for each class, an L1 term active columns and some vectors. The counts are bounds on what was measured.
    """
    if isinstance(risk, LinearRisk):
        return 8 * risk.rows * (6 * risk.width + 40) if risk.loss.pieces is not None else 0
    if isinstance(risk, SparseRisk):
        return 8 * risk.rows * (3 * risk.width + 24)
    from gdcli.risk.models.softmax import SoftmaxRisk

    if isinstance(risk, SoftmaxRisk):
        return 8 * risk.rows * (6 * int(risk.X.shape[1]) + 13 * risk.classes + 20)
    return 0


def establish(risk: EmpiricalRisk, theta0: Vector) -> Certificate:
    """The optimum nearest theta0, certified as far as it can be."""
    if isinstance(risk, LinearRisk):
        return _piecewise(risk, theta0) if risk.loss.pieces is not None else _smooth(risk, theta0)
    from gdcli.risk.apart.risk import ApartRisk
    from gdcli.risk.models.formula import ModelRisk
    from gdcli.risk.models.softmax import SoftmaxRisk

    if isinstance(risk, ApartRisk):
        return _apart(risk, theta0)
    if isinstance(risk, SoftmaxRisk):
        return _softmax(risk, theta0)
    if isinstance(risk, SparseRisk):
        return _sparse(risk)
    if isinstance(risk, ModelRisk):
        return _local(risk, theta0)
    raise TypeError(f"no solver for {type(risk).__name__}")


def _piecewise(risk: LinearRisk, theta0: Vector) -> Certificate:
    from gdcli.risk.certificate.vertex import certify_face
    from gdcli.risk.optimum.polyhedral.solve import find_face

    return certify_face(find_face(risk, theta0))


def _smooth(risk: LinearRisk, theta0: Vector) -> Certificate:
    from gdcli.risk.certificate.smooth import certify
    from gdcli.risk.optimum.smooth import find_optimum

    return certify(risk, find_optimum(risk, theta0))


def _apart(risk: ApartRisk, theta0: Vector) -> Certificate:
    from gdcli.risk.apart.certificate import certify
    from gdcli.risk.apart.optimum import find_optimum

    return certify(risk, find_optimum(risk, theta0))


def _softmax(risk: SoftmaxRisk, theta0: Vector) -> Certificate:
    from gdcli.risk.certificate.softmax import certify_softmax
    from gdcli.risk.optimum.softmax import find_softmax_optimum

    return certify_softmax(risk, find_softmax_optimum(risk, theta0))


def _sparse(risk: SparseRisk) -> Certificate:
    from gdcli.risk.certificate.sparse import certify_sparse
    from gdcli.risk.optimum.sparse import find_sparse

    return certify_sparse(risk, find_sparse(risk))


def _local(risk: ModelRisk, theta0: Vector) -> Certificate:
    from gdcli.risk.certificate.local import LocalCertificate
    from gdcli.risk.optimum.nonconvex import find_local

    return LocalCertificate(risk, find_local(risk, theta0))
