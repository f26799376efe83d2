"""The report of a plan whose idle qubits stay in memory."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len

from dqplan.cli.render.plan import plan_report
from dqplan.cli.terminal.streams import drawn
from dqplan.core.hardware import ideal_network
from dqplan.core.units import counted
from tests.arbitrary_plans import arbitrary_plan
from tests.arbitrary_stays import with_stays
from tests.cli.test_reports import CHECKS, UNKNOWN
from tests.solve.circuits import ghz


def test_stays_in_memory_are_told_and_others_take_no_room() -> None:
    """A line with what they cost, and a column for memory qubits; neither without stays."""
    network = ideal_network("pair", [3, 3], None, [(0, 1)])
    modules = tuple(replace(module, memory_qubits=3) for module in network.modules)
    plan = with_stays(arbitrary_plan(ghz(5), replace(network, modules=modules), seed=1), seed=0)
    away = [stay.ebits for stay in plan.stays if stay.away]
    text = drawn(plan_report(plan, UNKNOWN, CHECKS), None)
    assert max(map(cell_len, text.splitlines())) <= 80
    assert counted(len(plan.stays), "stay of an idle qubit", "stays of idle qubits") in text
    assert f"{len(away)} of them in other modules, for {counted(sum(away), 'e-bit')}" in text
    assert "memory qubits" in text
    assert "memory" not in drawn(plan_report(replace(plan, stays=()), UNKNOWN, ()), None)
