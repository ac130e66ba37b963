"""Checked claims as JUnit XML, which CI systems show as tests: a test case a claim.

`failure` for a wrong claim, `error` for one that cannot be read or checked. The elements and attributes are those of
Jenkins' junit-10.xsd; times are left out, so that the same claims give the same bytes. The text is ASCII with character
references, so that it is right in every encoding of stdout.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from gdcli.errors import GdcliError
from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.github import claim, explain
from gdcli.results.check import CheckReport, CheckSummary, ClaimAnswer

LONGEST = 4096
"""Characters of a line that are shown."""


def head(head: Any, look: Look) -> str:
    """Nothing: one document holds everything."""
    return ""


def step(step: Any, look: Look) -> str:
    """Nothing: one document holds everything."""
    return ""


def result(result: CheckReport | CheckSummary, look: Look) -> str:
    """One suite; its name is the file's."""
    if isinstance(result, CheckReport):
        wrong = int(not result.right)
        alone = ClaimAnswer("EXPR", "claim", 1, result, None)
        result = CheckSummary("EXPR", 1, 1 - wrong, 0, wrong, 0, (alone,))
    suite = _suite(result.file, result.claims, result.wrong, result.bad)
    for answer in result.answers:
        _case(suite, answer)
    return _document(suite)


def error(error: GdcliError, command: str, look: Look) -> str:
    """A file that could not be read: a suite of one error, so that what collects it sees why."""
    suite = _suite(f"gdcli {command}", 1, 0, 1)
    case = ET.SubElement(suite, "testcase", classname=f"gdcli {command}", name="run")
    ET.SubElement(case, "error", type=error.kind, message=_legal(str(error))).text = _legal(explain(error))
    return _document(suite)


def _suite(name: str, tests: int, failures: int, errors: int) -> ET.Element:
    counts = {"tests": tests, "failures": failures, "errors": errors, "skipped": 0}
    return ET.Element("testsuite", {"name": _legal(name)} | {key: str(count) for key, count in counts.items()})


def _case(suite: ET.Element, answer: ClaimAnswer) -> None:
    read = "" if answer.report is None else f": {answer.report.expression.text}"
    name = _legal(f"{answer.unit} {answer.number}{read}")
    case = ET.SubElement(suite, "testcase", classname=_legal(answer.file), name=name)
    message = claim(answer)
    if message is None:
        return
    kind, label = ("wrong", "failure") if answer.error is None else (answer.error.kind, "error")
    first = message.partition("\n")[0]
    found = ET.SubElement(case, label, type=kind, message=_legal(first))
    found.text = _legal(f"{answer.file}, {answer.unit} {answer.number}: {message}")


def _legal(text: str) -> str:
    """XML has no place for most control characters, not even as references."""
    return "\n".join(visible(line, LONGEST) for line in text.split("\n"))


def _document(suite: ET.Element) -> str:
    ET.indent(suite)
    document: bytes = ET.tostring(suite, encoding="us-ascii", xml_declaration=True)
    return document.decode("ascii") + "\n"
