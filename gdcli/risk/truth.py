"""R* and its proof, by the solver and the certificate made for the kind of risk at hand."""

from __future__ import annotations

from gdcli.risk.certificate.gap import Certificate
from gdcli.risk.certificate.local import LocalCertificate
from gdcli.risk.certificate.smooth import certify
from gdcli.risk.certificate.softmax import certify_softmax
from gdcli.risk.certificate.vertex import certify_face
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.models.formula import ModelRisk
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.softmax import SoftmaxRisk
from gdcli.risk.optimum.nonconvex import find_local
from gdcli.risk.optimum.polyhedral.solve import find_face
from gdcli.risk.optimum.smooth import find_optimum
from gdcli.risk.optimum.softmax import find_softmax_optimum


def establish(risk: EmpiricalRisk, theta0: Vector) -> Certificate:
    """The optimum nearest theta0, certified as far as it can be."""
    if isinstance(risk, LinearRisk) and risk.loss.pieces is not None:
        return certify_face(find_face(risk, theta0))
    if isinstance(risk, LinearRisk):
        return certify(risk, find_optimum(risk, theta0))
    if isinstance(risk, SoftmaxRisk):
        return certify_softmax(risk, find_softmax_optimum(risk, theta0))
    if isinstance(risk, ModelRisk):
        return LocalCertificate(risk, find_local(risk, theta0))
    raise TypeError(f"no solver for {type(risk).__name__}")
