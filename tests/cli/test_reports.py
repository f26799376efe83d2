"""Reports that fit, add up and cannot steer the terminal, whatever is in them."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len
from rich.text import Text

from dqplan.cli.render.pareto import MOST_ROWS
from dqplan.cli.render.plan import MAX_LINKS, plan_report
from dqplan.cli.render.verdict import verdict_document, verdict_report
from dqplan.cli.render.widgets import BAR_WIDTH, bar
from dqplan.cli.terminal.streams import drawn, printable
from dqplan.core.hardware import Basis
from dqplan.core.normalise import segments_of
from dqplan.core.objective import Figures
from dqplan.core.outlook import CriticalPath, Fidelity, Makespan, Outlook, Schedule, Supply
from dqplan.core.plan import Alternative, Baseline, Bound, Plan
from dqplan.core.verdict import Check, Status, Verdict
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from tests.arbitrary_plans import arbitrary_plan
from tests.conftest import SAMPLES

CHECKS = (
    Check("recount", Status.PROVED, "as in plan.json"),
    Check("equivalence", Status.SKIPPED, "the joint program has 64 qubits, too many to simulate in this memory"),
)


UNKNOWN = Outlook(None, None, None, ("rate of e-bits of m0--m1",), (), {})
KNOWN = Outlook(
    schedule=Schedule(np.zeros(2), np.array([1e-3, 2e-3]), np.arange(2), 1e-3, "link load"),
    makespan=Makespan(2.1e-3, 2e-3, 3.5e-3, 1000, 0),
    fidelity=Fidelity(links=0.9, idling=0.99, gates=0.95, readout=1.0, num_qubits=16),
    missing=(),
    assumed=("qubits without a T1 do not relax",),
    basis={Basis.MEASURED: 4, Basis.ASSUMED: 15},
    critical_path=CriticalPath(links=1.5e-3, gates=1e-4, readout=4e-4, resets=0.0, messages=0.0, slack=0.0),
)


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def plan_on(spec: str) -> Plan:
    segments = segments_of(load_circuit(str(SAMPLES / "qft_16.qasm")))
    return arbitrary_plan(segments, load_hardware(spec), seed=3)


def test_sixty_four_modules_fit_and_add_up() -> None:
    plan = plan_on("grid:8x8x2")
    text = drawn(plan_report(plan, UNKNOWN, CHECKS), None)
    assert max(map(cell_len, text.splitlines())) <= 80
    links = re.findall(r"^(?:m\d+--m\d+|\d+ more) +([\d,]+)", text, re.MULTILINE)
    assert len(links) == MAX_LINKS + 1
    assert sum(int(number.replace(",", "")) for number in links) == plan.cost.ebits
    idle = int(match[1]) if (match := re.search(r"^(\d+) idle", text, re.MULTILINE)) else 0
    assert len(re.findall(r"^m\d+ +\d+ of 2", text, re.MULTILINE)) + idle == 64


def test_time_and_fidelity_are_told_with_what_they_rest_on() -> None:
    text = drawn(plan_report(plan_on("line:4x5+2"), KNOWN, CHECKS), None)
    assert max(map(cell_len, text.splitlines())) <= 80
    assert "makespan  2.1 ms, half of 1,000 runs within 2 ms, 95 % within 3.5 ms" in text
    assert "schedule  2 ms with mean durations, at least 1 ms, by link load" in text
    assert "fidelity  0.846 as a process, 0.846 on average over inputs" in text
    assert "numbers   4 measured, 0 roadmap, 15 assumed" in text
    times = re.findall(r"^(\w+) +([\d.]+ .?s) +[█▏▎▍▌▋▊▉]", text, re.MULTILINE)
    assert times == [("links", "1.5 ms"), ("readout", "400 µs"), ("gates", "100 µs")]
    causes = re.findall(r"^(links|idling|gates|readout) +([\d.]+)(?: +[█▏▎▍▌▋▊▉]|$)", text, re.MULTILINE)
    assert causes == [("links", "0.9"), ("gates", "0.95"), ("idling", "0.99"), ("readout", "1")]


def test_purification_and_cutoffs_are_told_where_there_are_any() -> None:
    supply = {f"m{i}--m{i + 1}": Supply(4, rounds, 0.99, 2.5, 0.25) for i, rounds in enumerate((2, 1, 1, 0))}
    text = drawn(plan_report(plan_on("line:4x5+2"), replace(KNOWN, supply=supply), CHECKS), None)
    assert max(map(cell_len, text.splitlines())) <= 80
    told = "m0--m1 2 rounds, m1--m2 1 round, 1 more link, 42.5 raw pairs for 16 e-bits"
    assert told in re.sub(r"\s+", " ", text)
    assert "cut-off       1 times on average an e-bit grows too old and is made again" in text
    plain = drawn(plan_report(plan_on("line:4x5+2"), KNOWN, CHECKS), None)
    assert "purification" not in plain
    assert "cut-off" not in plain


def with_front(size: int) -> Plan:
    """A plan with so many undominated ones, dearer and sooner one after the other; the third is chosen."""
    plan = plan_on("line:4x5+2")
    figures = [Figures(float(number), 2.0 - number / size, 0.5) for number in range(size)]
    return replace(plan, pareto=tuple(Alternative(plan, each, each.ebits == 2) for each in figures))


@pytest.mark.parametrize("size", [3, MOST_ROWS, MOST_ROWS + 1, 200])
def test_a_front_is_listed_with_its_ends_and_the_chosen_plan(size: int) -> None:
    text = drawn(plan_report(with_front(size), KNOWN, CHECKS), None)
    assert max(map(cell_len, text.splitlines())) <= 80
    rows = re.findall(r"^ *\d+ +(\S+ s|\d+ ms) +0\.607(?: +(◆ this plan))?$", text, re.MULTILINE)
    assert min(size, MOST_ROWS - 1) <= len(rows) <= MOST_ROWS
    assert sum(bool(mark) for _, mark in rows) == 1
    assert rows[0][0] == "2 s"
    assert (f"{size - len(rows)} more in plan.json" in text) == (size > len(rows))


def test_what_is_unknown_is_said_and_not_made_up() -> None:
    text = drawn(plan_report(plan_on("line:4x5+2"), UNKNOWN, CHECKS), None)
    assert "time, fidelity: the hardware does not say the rate of e-bits of m0--m1" in text
    assert "makespan" not in text


def test_homes_are_those_of_the_plan() -> None:
    plan = plan_on("line:4x5+2")
    text = drawn(plan_report(plan, UNKNOWN, CHECKS), None)
    shown = dict(re.findall(r"^(m\d).* (q\[[\d,-]+\])$", text, re.MULTILINE))
    for module, homes in shown.items():
        wires = [
            wire
            for run in homes[2:-1].split(",")
            for wire in range(int(run.split("-")[0]), int(run.split("-")[-1]) + 1)
        ]
        assert wires == np.flatnonzero(plan.home[plan.segments.first] == int(module[1])).tolist()
    assert len(shown) >= 3


@pytest.mark.parametrize("columns", [40, 60, 200])
def test_any_terminal_is_wide_enough(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    text = drawn(plan_report(plan_on("line:4x5+2"), UNKNOWN, CHECKS), Terminal())
    widths = [cell_len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in text.splitlines()]
    assert max(widths) <= min(columns, 100)


def test_only_a_proved_plan_is_called_optimal() -> None:
    plan = plan_on("all:2x9")
    ebits = plan.cost.ebits
    proved = replace(plan, bound=Bound(ebits, "counting", "all plans"), baseline=Baseline(ebits, ebits))
    assert "optimal, by counting, for all plans" in drawn(plan_report(proved, UNKNOWN, CHECKS), None)
    open_ = replace(proved, bound=Bound(ebits - 1, "counting", "all plans"))
    assert "optimal" not in drawn(plan_report(open_, UNKNOWN, CHECKS), None)
    assert f"at least {ebits - 1} e-bits" in drawn(plan_report(open_, UNKNOWN, CHECKS), None)


def test_checks_that_were_not_made_are_not_claimed() -> None:
    text = drawn(plan_report(plan_on("all:2x9"), UNKNOWN, ()), None)
    assert "skipped" in text
    assert "proved  " not in text


def test_a_verdict_says_whether_it_holds() -> None:
    verdict = Verdict(CHECKS, 3, {"m0--m1": 3}, {"m0": 1, "m1": 1})
    assert drawn(verdict_report(verdict, "out"), None).startswith("out: holds\n")
    failing = replace(verdict, checks=(Check("recount", Status.FAILED, "4, not 3"), *CHECKS[1:]))
    assert drawn(verdict_report(failing, "out"), None).startswith("out: FAILED\n")
    assert verdict_document(failing)["holds"] is False


@pytest.mark.parametrize(("value", "most", "cells"), [(0, 9, 0), (9, 9, BAR_WIDTH), (1, 10**6, 1), (0, 0, 0)])
def test_bars_show_anything_above_zero(value: int, most: int, cells: int) -> None:
    assert bar(value, most).cell_len == cells


def test_control_characters_do_not_reach_the_terminal() -> None:
    hostile = "\x1b]0;owned\x07\x9b31m\r"
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", drawn(Text(hostile), None))
    assert printable(hostile) == r"\x1b]0;owned\x07\x9b31m\r"


def test_brackets_are_not_markup() -> None:
    assert drawn("[red]q[/red] :smile:", None) == "[red]q[/red] :smile:\n"
