"""The formats of an audit, read back by what reads them; hostile names and messages are harmless in each."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml

from dqplan.cli.audits.audit import Audit, Finding, Judged, split_command
from dqplan.cli.options import AuditFormat
from dqplan.cli.render.audit.audit_text import audit_text
from dqplan.cli.terminal.streams import printable
from dqplan.core.errors import Place
from tests.cli.audits import HOSTILE, case, sample

SPELLED = "=b|\\x1b[31m`x`,%:\n::error::y\\r<a@b>\\udcff.qasm"
"""The hostile name as a terminal or a file may hold it."""
FLAT = SPELLED.replace("\n", " ")


@pytest.fixture(
    params=[AuditFormat.TABLE, AuditFormat.CSV, AuditFormat.MARKDOWN, AuditFormat.GITHUB, AuditFormat.JUNIT]
)
def text(request: pytest.FixtureRequest) -> str:
    return audit_text(sample(), request.param)


def written(format_: AuditFormat) -> str:
    return audit_text(sample(), format_)


def test_nothing_can_steer_a_terminal_or_break_an_encoding(text: str) -> None:
    assert all(character.isprintable() or character == "\n" for character in text)
    text.encode()


@pytest.mark.parametrize("format_", AuditFormat)
def test_an_audit_of_nothing_can_be_written(format_: AuditFormat) -> None:
    text = audit_text(Audit([]), format_)
    assert text == "" if format_ is AuditFormat.NDJSON else text.endswith("\n")


def test_the_table_tells_what_is_broken_first_and_fits() -> None:
    lines = written(AuditFormat.TABLE).splitlines()
    assert lines[:6] == [
        "4 of 5 cases broken",
        "",
        "a.qasm on lab.yaml",
        "max-ebits  the plan needs 3 e-bits, --max-ebits allows 1 (dqplan.toml:7)",
        "max-time   95 % of all runs end within 2 s",
        "again      dqplan split a.qasm -H lab.yaml --max-ebits 1 --max-gap 0.9",
    ]
    assert all(len(line) <= 80 for line in lines)


def test_json_and_ndjson_hold_the_same_cases() -> None:
    document = json.loads(written(AuditFormat.JSON))
    assert document["cases"] == [json.loads(line) for line in written(AuditFormat.NDJSON).splitlines()]
    assert document["counts"] == {"cases": 5, "broken": 4}
    assert not document["holds"]
    over = document["cases"][1]["findings"][0]
    assert (over["rule"], over["found"], over["allowed"], over["stated"]) == ("max-ebits", 3, 1, "dqplan.toml:7")
    assert document["cases"][3]["circuit"] == HOSTILE


def test_csv_cells_are_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(written(AuditFormat.CSV))))
    assert [row["broken"] for row in rows] == ["", "max-ebits max-time", "verification", "DQ104", "DQ104"]
    assert (rows[1]["ebits"], rows[1]["max_ebits"], rows[1]["fidelity"], rows[0]["p95_s"]) == ("3", "1", "0.875", "")
    assert rows[3]["circuit"] == f"'{FLAT}"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())


def test_annotations_are_one_line_each_with_file_and_line() -> None:
    """The file that two cases cannot read is told once; two gates of one case are two annotations."""
    *annotations, last = written(AuditFormat.GITHUB).splitlines()
    assert last == "4 of 5 cases broken"
    found = [re.fullmatch(r"::error ((?:\w+=[^,:]*,?)+)::(.*)", line) for line in annotations]
    assert all(found)
    assert annotations[0] == (
        "::error file=a.qasm,line=1,title=dqplan max-ebits::a.qasm on lab.yaml: "
        "the plan needs 3 e-bits, --max-ebits allows 1 (dqplan.toml:7)"
    )
    assert len(annotations) == 4
    properties = dict(pair.split("=", 1) for pair in found[3][1].split(","))
    name = SPELLED.replace("%", "%25").replace(":", "%3A").replace(",", "%2C").replace("\n", "%0A")
    assert properties == {"file": name, "line": "3", "col": "1", "title": "dqplan DQ104"}


def bars(row: str) -> int:
    """Ends of cells, found as GitHub's reader does: a backslash escapes any sign, also another backslash."""
    return re.sub(r"\\[!-/:-@\[-`{-~]", "", row).count("|")


def test_markdown_is_a_table_with_all_cases_whatever_they_are_called() -> None:
    """What files say stands in code spans; a bar would end a cell even there, so it is escaped."""
    text = written(AuditFormat.MARKDOWN)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 5
    assert {bars(row) for row in rows} == {8}
    assert "| `a.qasm` | `lab.yaml` | 3 > 1 | 66.7% ≤ 90% | 2 s > 1 s | 0.875 ≥ 0.5 | **broken**" in text
    assert text.index("allows 1") < text.index("| circuit")
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text.replace("\\|", ""))
    assert "@" not in outside
    assert "<" not in outside


def test_junit_is_read_by_its_own_reader() -> None:
    """A suite for each case; what has no plan is skipped; counts are those of the elements."""
    text = written(AuditFormat.JUNIT)
    report = JUnitXml.fromstring(text.encode())
    suites = [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in report]
    assert suites == [(3, 0, 0, 0), (6, 2, 0, 0), (2, 1, 0, 0), (3, 0, 1, 2), (3, 0, 1, 2)]
    assert (report.tests, report.failures, report.errors) == (17, 3, 2)
    root = ET.fromstring(text)
    assert {name for test in root.iter("testcase") for name in test.attrib} == {"classname", "name"}
    assert [test.get("name") for test in root[1]] == [
        "plan", "verification", "max-ebits", "max-gap", "max-time", "min-fidelity",
    ]  # fmt: skip
    (error,) = root[3].findall("testcase/error")
    assert error.get("type") == "DQ104"
    assert "<a@b>" in (error.text or "")


REQUIRED = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "uniqueItems": True,
                                        "items": {
                                            "required": ["id"],
                                            "properties": {"shortDescription": {"required": ["text"]}},
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "items": {
                            "required": ["message"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"required": ["text"]},
                                "locations": {"items": {"$ref": "#/$defs/location"}},
                                "relatedLocations": {"items": {"$ref": "#/$defs/location"}},
                                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                            },
                        }
                    },
                },
            }
        },
    },
    "$defs": {
        "location": {
            "properties": {
                "id": {"type": "integer", "minimum": -1},
                "physicalLocation": {
                    "anyOf": [{"required": ["artifactLocation"]}, {"required": ["address"]}],
                    "properties": {
                        "artifactLocation": {
                            "properties": {"uri": {"type": "string", "pattern": r"^[\w.~!$&'()*+,;=:@%/-]+$"}}
                        },
                        "region": {
                            "properties": {
                                "startLine": {"type": "integer", "minimum": 1},
                                "startColumn": {"type": "integer", "minimum": 1},
                            }
                        },
                    },
                },
            }
        }
    },
}
"""What the schema of SARIF 2.1.0 (OASIS) asks of the objects that are written, in our words."""


def test_sarif_has_what_its_schema_asks_for() -> None:
    document = json.loads(written(AuditFormat.SARIF))
    jsonschema.Draft202012Validator(REQUIRED).validate(document)
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["DQ104", "max-ebits", "max-time", "verification"]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert [result["ruleId"] for result in run["results"]] == ["max-ebits", "max-time", "verification", "DQ104"]
    place = run["results"][3]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 1}
    assert place["artifactLocation"]["uri"].endswith("%FF.qasm")
    (stated,) = run["results"][0]["relatedLocations"]
    assert stated["physicalLocation"]["region"] == {"startLine": 7}


def test_a_fingerprint_stays_when_the_numbers_change() -> None:
    def prints(text: str) -> list[str]:
        return [result["partialFingerprints"]["dqplanFinding/v1"] for result in json.loads(text)["runs"][0]["results"]]

    text = written(AuditFormat.SARIF)
    assert len(set(prints(text))) == len(prints(text)) == 4
    assert prints(text) == prints(audit_text(sample(), AuditFormat.SARIF).replace("3 e-bits", "4 e-bits"))


def test_the_command_that_repeats_a_case_says_all_that_is_not_usual() -> None:
    assert split_command(case("my a.qasm")) == "dqplan split 'my a.qasm' -H all:2x5"
    asked = case(
        effort="quick", objective="time", seed=3, time_limit=2.0, relaxed=True, recompile=False, verify=False,
        max_ebits=0, max_gap=0.0, max_time=0.5, min_fidelity=0.9, require_measured=True,
    )  # fmt: skip
    assert split_command(asked) == (
        "dqplan split a.qasm -H all:2x5 --effort quick --objective time --seed 3 --time-limit 2 --max-ebits 0 "
        "--max-gap 0 --max-time 0.5 --min-fidelity 0.9 --relaxed --no-recompile --no-check --require-measured"
    )


ANYTHING = st.text(st.characters(), min_size=1, max_size=12) | st.text(
    "`|=%:,\n\r\x1b<>&'\"@*_\\ ", min_size=1, max_size=8
)


@settings(max_examples=60)
@given(circuit=ANYTHING, hardware=ANYTHING, message=ANYTHING)
def test_whatever_files_say_each_format_can_be_read_back(circuit: str, hardware: str, message: str) -> None:
    finding = Finding("DQ104", message, Place(circuit), hint=message)
    audit = Audit([Judged(case(circuit, hardware), findings=(finding,))])
    texts = {format_: audit_text(audit, format_) for format_ in AuditFormat}
    for format_, text in texts.items():
        text.encode()
        if format_ not in (AuditFormat.JSON, AuditFormat.NDJSON, AuditFormat.SARIF):
            assert all(character.isprintable() or character == "\n" for character in text)
    assert json.loads(texts[AuditFormat.JSON])["cases"] == [json.loads(texts[AuditFormat.NDJSON])]
    assert len(json.loads(texts[AuditFormat.SARIF])["runs"][0]["results"]) == 1
    (row,) = csv.DictReader(io.StringIO(texts[AuditFormat.CSV]))
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    (suite,) = JUnitXml.fromstring(texts[AuditFormat.JUNIT].encode())
    assert suite.name == f"{printable(circuit)} on {printable(hardware)}"
    annotation, _ = texts[AuditFormat.GITHUB].splitlines()
    told = re.fullmatch(r"::error file=([^,:]*),line=1,title=dqplan DQ104::(.*)", annotation)
    assert told
    assert re.sub("%(..)", lambda code: chr(int(code[1], 16)), told[1]) == printable(circuit)
    *_, last = texts[AuditFormat.MARKDOWN].splitlines()
    assert bars(last) == 8
