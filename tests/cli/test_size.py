"""`dqplan size` from outside; `tests/size` has what it finds."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import SAMPLES, Run

GHZ, QFT = SAMPLES / "ghz_8.qasm", SAMPLES / "qft_16.qasm"
QUICK = ("--effort", "quick")
REPORT = """\
ghz_8 on line:2x4+2: smallest data qubits for at most 0 e-bits

varied    data qubits of every module alike, 4 to 8
smallest  8; less cannot: the bound is 1 e-bit (proved)
together  16 data qubits, 8 more than the circuit has
written   a.svg

data   e-bits     bound   p95   fidelity   outcome
─────────────────────────────────────────────────────────────────────
   4        1   optimal     -          -   missed      ██████████████
   5        1   optimal     -          -   missed      ██████████████
   6        1   optimal     -          -   missed      ██████████████
   7        1   optimal     -          -   missed      ██████████████
   8        0   optimal     -          -   reached <
"""


def test_the_report_and_the_picture(dqplan: Run, tmp_path: Path) -> None:
    found = dqplan("size", GHZ, "-H", "line:2x4+2", "--vary", "data", "--max-ebits", "0", *QUICK, "--plot", "a.svg")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == REPORT, found.stdout
    titles = [title.text for title in ElementTree.parse(tmp_path / "a.svg").iter("{http://www.w3.org/2000/svg}title")]
    assert titles[:2] == ["target", "best plans: 1 at 4"]
    assert "proved bound: 0 at 8" in titles


def test_split_agrees_with_what_is_written(dqplan: Run, tmp_path: Path) -> None:
    """The hardware that was found passes the gate, one hertz less fails it; the page says what was found."""
    options = ("--max-time", "0.2", *QUICK, "-q")
    size = ("size", QFT, "-H", "memq_xqna_v0", "--vary", "rate", "--range", "220:230", "--points", "2", *options)
    found = dqplan(*size, "-o", "found.yaml", "--plot", "a.html", "--format", "json")
    assert (found.returncode, found.stderr) == (0, "")
    document = json.loads(found.stdout)
    assert document["schema"] == "dqplan.size/1"
    rate = document["found"]
    assert [point["outcome"] for point in document["curve"] if point["rate"] in (rate - 1, rate)] == [
        "missed",
        "reached",
    ]
    text = (tmp_path / "found.yaml").read_text()
    assert f"rate_hz: {rate}" in text
    (tmp_path / "less.yaml").write_text(text.replace(f"rate_hz: {rate}", f"rate_hz: {rate - 1}"))
    statuses = [
        dqplan("split", QFT, "-H", name, *options, "--no-check").returncode for name in ("found.yaml", "less.yaml")
    ]
    assert statuses == [0, 1]
    assert f"Smallest: {document['conclusion']}." in (tmp_path / "a.html").read_text()
    assert dqplan(*size, "--format", "json").stdout == found.stdout


def test_csv_for_a_spreadsheet(dqplan: Run) -> None:
    found = dqplan("size", "-", "-H", "line:2x3+2", "--vary", "data", "--range", "3:5", "--max-ebits", "1", *QUICK,
                   "--format", "csv", input=GHZ.read_text())  # fmt: skip
    lines = list(csv.DictReader(io.StringIO(found.stdout)))
    assert [(line["data"], line["outcome"], line["ebits"], line["slack"]) for line in lines] == [
        ("3", "infeasible", "", "-2"),
        ("4", "reached", "1", "0"),
        ("5", "reached", "1", "2"),
    ]


def test_out_of_reach_is_status_3_and_says_whether_that_is_proved(dqplan: Run, tmp_path: Path) -> None:
    size = ("size", GHZ, "-H", "line:2x4+2", "--vary", "data", "--range", "4:7", "--max-ebits", "0", *QUICK)
    found = dqplan(*size, "-o", "found.yaml")
    assert found.returncode == 3
    assert found.stderr == "out of reach: none from 4 to 7 can: the bound is 1 e-bit (proved)\n"
    assert "missed" in found.stdout
    assert not (tmp_path / "found.yaml").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "say what the plan shall come to"),
        (["--max-ebits", "3", "--range", "4"], "--range: `4` is not LO:HI"),
        (["--max-ebits", "3", "--range", "4:x"], "--range: `4:x` is not LO:HI"),
        (["--max-ebits", "3", "--range", "9:4"], "no data from 9 to 4"),
        (["--max-ebits", "3", "--plot", "a.png"], "neither .svg nor .html"),
        (["--max-ebits", "3", "--plot", "no/a.svg"], "its directory does not exist"),
        (["--max-ebits", "3", "-o", "."], "is a directory"),
        (["--max-ebits", "3", "--only", "m7"], "`m7` has no data qubits"),
        (["--max-ebits", "3", "--objective", "speed"], "--objective"),
        (["--max-time", "1"], "the duration of two-qubit gates"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage(args: list[str], said: str, dqplan: Run) -> None:
    found = dqplan("size", GHZ, "-H", "line:2x4+2", "--vary", "data", *args)
    assert (found.returncode, found.stdout) == (2, "")
    assert said in found.stderr
    assert found.stderr.startswith("error[DQ")
