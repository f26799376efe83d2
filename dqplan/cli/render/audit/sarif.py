"""Audit -> SARIF 2.1.0 (OASIS, 2020) for code scanning: a rule for each gate and error, a result for each finding."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import dqplan
from dqplan.cli.audits.audit import VERIFICATION, Audit, Finding, Judged
from dqplan.cli.terminal.streams import printable_json
from dqplan.core import errors
from dqplan.core.errors import DqplanError, Place

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_GATES = {
    "max-ebits": "The plan needs more e-bits than are allowed",
    "max-gap": "More of the plan's e-bits lies above the proved bound than is allowed",
    "max-time": "The 95 % quantile of the program's makespan is longer than is allowed",
    "min-fidelity": "The program's process fidelity is lower than is asked for",
    "require-measured": "The plan rests on numbers of the hardware that nobody has measured",
    VERIFICATION: "The programs that were written fail a check",
}


def render(audit: Audit) -> str:
    """One run with all rules that are broken; paths are relative to the root of the sources."""
    rules = sorted({finding.rule for _, finding in audit.findings})
    driver = {"name": "dqplan", "version": dqplan.__version__, "rules": [_rule(rule) for rule in rules]}
    results = {}  # by fingerprint: a line that several cases read is told once
    for judged, finding in audit.findings:
        results[_fingerprint(judged, finding)] = _result(judged, finding, rules.index(finding.rule))
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": list(results.values()),
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return printable_json(json.dumps(document, indent=1, ensure_ascii=False)) + "\n"


def _rule(rule: str) -> dict[str, Any]:
    return {
        "id": rule,
        "shortDescription": {"text": _GATES.get(rule) or _error_text(rule)},
        "defaultConfiguration": {"level": "error"},
    }


def _error_text(code: str) -> str:
    """The first sentence that the class of an error says of itself."""
    known = (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DqplanError))
    text = next(kind.__doc__ or "" for kind in known if kind.code == code)
    return text.partition("\n")[0].rstrip(".")


def _result(judged: Judged, finding: Finding, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": finding.told_of(judged.name)},
        "locations": [_location(finding.place)],
        "partialFingerprints": {"dqplanFinding/v1": _fingerprint(judged, finding)},
    }
    if finding.stated:
        stated = {"id": 1, "message": {"text": "stated here"}}
        result["relatedLocations"] = [{**stated, **_location(finding.stated)}]
    return result


def _location(place: Place) -> dict[str, Any]:
    """The file, from its beginning if nothing more is known: code scanning refuses results without file and line."""
    region = {"startLine": place.line or 1}
    if place.column:
        region["startColumn"] = place.column
    return {"physicalLocation": {"artifactLocation": _artifact(place.source), "region": region}}


def _artifact(source: str) -> dict[str, str]:
    path = PurePath(source)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix().encode(errors="surrogateescape")), "uriBaseId": "%SRCROOT%"}


def _fingerprint(judged: Judged, finding: Finding) -> str:
    """The same as long as one rule is broken by one case, or by one line's text, whatever the numbers."""
    place = finding.place
    about = (place.source, finding.message) if place.line else (judged.case.circuit, judged.case.hardware)
    words = (finding.rule, *about)
    return hashlib.sha256("\0".join(words).encode(errors="surrogateescape")).hexdigest()
