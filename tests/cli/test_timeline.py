"""The schedule as a picture in text: readable when small and when large, and never too wide.

`python -m tests.cli.test_timeline` records the picture anew.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from dqplan.cli.render.timeline import MOST_LANES, MOST_QUBITS, WIDEST, Timeline, timeline_lines
from dqplan.cli.terminal.streams import drawn
from dqplan.core.circuit import Circuit
from dqplan.core.hardware import Operating
from dqplan.core.normalise import segments_of
from dqplan.core.outlook import Schedule
from dqplan.core.plan import Effort
from dqplan.core.program import Program
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from dqplan.trial.trial_program import trial_program
from tests.arbitrary_plans import arbitrary_plan
from tests.conftest import ROOT, SAMPLES, Run, plain_environment
from tests.strategies import clocked, networks, unitary_circuits

GOLDEN = ROOT / "tests" / "golden" / "timeline_grover_2.txt"
LINE = ROOT / "tests" / "benchmarks" / "networks" / "line_of_equal_links.yaml"


@cache
def scheduled(sample: str, hardware: str) -> tuple[Program, Schedule]:
    segments = segments_of(load_circuit(str(SAMPLES / sample)))
    program = split_circuit(solve_plan(segments, load_hardware(hardware), effort=Effort.QUICK))
    schedule = trial_program(program, work=0).schedule
    assert schedule is not None
    return program, schedule


def picture(program: Program, schedule: Schedule, width: int = 80) -> list[str]:
    return [line.plain for line in timeline_lines(program, schedule, width)]


def lanes(program: Program, schedule: Schedule, width: int = 80) -> dict[str, str]:
    """By name, what stands in the columns of time."""
    lines = picture(program, schedule, width)
    (ruler,) = [line for line in lines if "┬" in line]
    margin = ruler.index("┬")
    return {
        line[:margin].strip(): line[margin:] for line in lines[4:-2] if line[:margin].strip() and "more" not in line
    }


def test_a_small_one_is_as_recorded() -> None:
    assert drawn(Timeline(*scheduled("grover_2.qasm", "oxford_2025")), None) == GOLDEN.read_text(encoding="utf-8")


def test_few_qubits_have_a_lane_each_and_many_share_that_of_their_module() -> None:
    small, large = scheduled("cdkm_adder_10.qasm", str(LINE)), scheduled("qft_16.qasm", str(LINE))
    assert small[0].circuit.num_qubits <= MOST_QUBITS < large[0].circuit.num_qubits
    assert list(lanes(*small))[:2] == ["m0--m1", "m0_data[0]"]
    assert list(lanes(*large)) == ["m0--m1", "m1--m2", "m2--m3", "m0", "m1", "m2", "m3"]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_each_ebit_of_a_link_is_seen_to_be_made(width: int) -> None:
    """Three in a row on one link: three ends, and no time between."""
    program, schedule = scheduled("cdkm_adder_10.qasm", str(LINE))
    lane = lanes(program, schedule, width)["m0--m1"]
    assert lane.count("●") == 3
    assert " " not in lane.rstrip()


@given(st.data(), unitary_circuits(max_qubits=5))
@settings(max_examples=15, deadline=None)
def test_no_line_is_too_wide_and_whatever_happens_is_seen(data: st.DataObject, circuit: Circuit) -> None:
    hardware = data.draw(clocked(data.draw(networks(num_qubits=circuit.num_qubits))))
    program = split_circuit(arbitrary_plan(segments_of(circuit), hardware, data.draw(st.integers(0, 999))))
    schedule = trial_program(program, work=0).schedule
    assert schedule is not None
    width = data.draw(st.integers(40, WIDEST))
    assert max(map(cell_len, drawn(Timeline(program, schedule), None).splitlines())) <= 80
    assert max(map(cell_len, picture(program, schedule, width)[2:-2])) <= width  # words around it are wrapped
    found = lanes(program, schedule, width)
    if program.circuit.num_qubits <= MOST_QUBITS:
        touched = np.unique(program.circuit.qubits[program.circuit.qubits >= 0])
        assert sum(bool(marks.strip()) for name, marks in found.items() if "[" in name) == len(touched)


def test_sixty_four_qubits_fit_a_page(tmp_path: Path) -> None:
    text = LINE.read_text(encoding="utf-8").replace("count: 4", "count: 8").replace("data: 5", "data: 9")
    (tmp_path / "eight.yaml").write_text(text, encoding="utf-8")
    program, schedule = scheduled("aqft_64.qasm", str(tmp_path / "eight.yaml"))
    assert list(lanes(program, schedule)) == [*(f"m{i}--m{i + 1}" for i in range(7)), *(f"m{i}" for i in range(8))]
    assert max(map(cell_len, picture(program, schedule))) <= 80


def test_of_very_many_lanes_the_busiest_are_shown() -> None:
    """Qubits that are all alone in their modules, each of which is linked to all others."""
    hardware = replace(load_hardware("all:24x1+9"), name="many")
    known = Operating(None, 1.0, 1e-5)
    modules = tuple(replace(each, one_qubit=known, two_qubit=known, readout=known) for each in hardware.modules)
    links = tuple(replace(each, rate_hz=10.0) for each in hardware.links)
    segments = segments_of(load_circuit(str(SAMPLES / "qft_16.qasm")))
    program = split_circuit(arbitrary_plan(segments, replace(hardware, modules=modules, links=links), seed=1))
    schedule = trial_program(program, work=0).schedule
    assert schedule is not None
    lines = picture(program, schedule)
    assert len([line for line in lines if re.match(r"m\d+--m\d+ ", line)]) == MOST_LANES
    assert len([line for line in lines if re.match(r"\d+ more$", line)]) >= 1


def test_another_encoding_gets_other_signs(dqplan: Run) -> None:
    ascii_only = plain_environment() | {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    asked = ("split", SAMPLES / "grover_2.qasm", "-H", "oxford_2025", "--timeline", "--effort", "quick")
    done = dqplan(*asked, env=ascii_only)
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert re.search(r"^alice--bob +=+o$", done.stdout, re.MULTILINE)
    assert "= makes an e-bit   o has made one   # gate   M measurement" in done.stdout


def test_in_a_pipe_it_is_plain_text_below_the_table(dqplan: Run) -> None:
    done = dqplan("split", SAMPLES / "grover_2.qasm", "-H", "oxford_2025", "--timeline", "--effort", "quick")
    assert done.returncode == 0
    assert done.stdout.endswith(GOLDEN.read_text(encoding="utf-8"))
    assert "\x1b" not in done.stdout


def test_on_a_wide_terminal_it_is_wider_than_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    text = drawn(Timeline(*scheduled("grover_2.qasm", "oxford_2025")), Terminal(), WIDEST)
    widths = [cell_len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in text.splitlines()]
    assert max(widths) == WIDEST


def test_where_nothing_is_known_that_is_said(dqplan: Run) -> None:
    done = dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x5", "--timeline", "--effort", "quick")
    assert done.returncode == 0
    assert "timeline  unknown: the hardware does not say the duration of" in done.stdout


def test_it_is_part_of_the_table_only(dqplan: Run) -> None:
    done = dqplan("split", SAMPLES / "ghz_8.qasm", "-H", "all:2x5", "--timeline", "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--timeline is drawn below the table" in done.stderr


if __name__ == "__main__":
    GOLDEN.write_text(drawn(Timeline(*scheduled("grover_2.qasm", "oxford_2025")), None), encoding="utf-8")
