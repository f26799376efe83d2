"""Audit -> JUnit XML: a suite for each case, with a test for its plan, its proof and each of its gates."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from dqplan.cli.audits.audit import VERIFICATION, Audit, Finding, Judged
from dqplan.cli.terminal.streams import printable

_PLAN = "plan"
"""The test that an error of a case fails."""


def render(audit: Audit) -> str:
    """In the form that Jenkins, GitLab and others read: a failure for a gate or proof, an error if there is no plan."""
    root = ET.Element("testsuites", name="dqplan")
    root.extend(_suite(judged) for judged in audit.cases)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(judged: Judged) -> ET.Element:
    gates = [VERIFICATION] if judged.case.settings.verify else []
    tests = {name: [] for name in (_PLAN, *gates, *judged.limits)}  # type: dict[str, list[Finding]]
    for finding in judged.findings:
        tests[finding.rule if finding.rule in tests else _PLAN].append(finding)
    suite = ET.Element("testsuite", name=_text(judged.name), tests=str(len(tests)), file=_text(judged.case.circuit))
    suite.extend(_test(judged, name, found) for name, found in tests.items())
    for kind, total in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(total, str(len(suite.findall(f"testcase/{kind}"))))
    return suite


def _test(judged: Judged, name: str, found: Iterable[Finding]) -> ET.Element:
    """A test; of several findings about one rule a reader expects no more than one element."""
    test = ET.Element("testcase", classname=_text(judged.name), name=name)
    findings = list(found)
    if findings:
        kind = "error" if name == _PLAN else "failure"
        message = _text("; ".join(finding.message for finding in findings))
        element = ET.SubElement(test, kind, message=message, type=findings[0].rule)
        element.text = _text("\n".join(_lines(findings)))
    elif name != _PLAN and not judged.figures:
        ET.SubElement(test, "skipped", message="there is no plan")
    return test


def _lines(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        yield str(finding)
        if finding.hint:
            yield f"hint: {finding.hint}"


def _text(text: str) -> str:
    """Text without the characters that XML cannot hold: what is not printable is spelled out."""
    return printable(text)
