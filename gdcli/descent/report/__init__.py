"""A plan and its steps as results: everything an expert wants to know of a run (THEORY, section 8)."""

from __future__ import annotations

from gdcli.descent.report.dry import plan_report
from gdcli.descent.report.end import run_report
from gdcli.descent.report.head import head
from gdcli.descent.report.log import step_report
from gdcli.descent.report.warnings import warnings

__all__ = ["head", "plan_report", "run_report", "step_report", "warnings"]
