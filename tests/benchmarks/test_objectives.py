"""The benchmark of objectives counts what it says, on networks that can be judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from dqplan.core.objective import Figures
from dqplan.core.plan import Effort
from dqplan.load.load_hardware import load_hardware
from tests.benchmarks.objectives import NETWORKS, Outcome, block_of, outcome_of, verdict_of
from tests.benchmarks.tables import markdown
from tests.conftest import SAMPLES

CHEAP, SOON, GOOD = Figures(3, 0.5, 0.2), Figures(4, 0.25, 0.3), Figures(5, 0.75, 0.1)


def test_gains_are_counted_where_they_were_asked_for() -> None:
    outcomes = [Outcome("a", "line", [CHEAP, SOON, GOOD]), Outcome("b", "line", [CHEAP, CHEAP, SOON])]
    assert [(outcome.sooner, outcome.better) for outcome in outcomes] == [(True, True), (False, False)]
    assert "for e-bits in 1 of 2 pairs" in verdict_of(outcomes)
    assert "better in 1 of 2" in verdict_of(outcomes)
    table = markdown(block_of(outcomes)).splitlines()
    assert table[2] == "| a | line | 3 | 4 | 5 | 500.0 | 250.0 | 750.0 | 0.8187 | 0.7408 | 0.9048 |"


def test_the_networks_are_four_modules_with_all_numbers_assumed() -> None:
    systems = [load_hardware(str(path)) for path in NETWORKS]
    assert [system.num_modules for system in systems] == [4, 4]
    assert all({origin.basis for origin in system.provenance.values()} == {"assumed"} for system in systems)


@pytest.mark.parametrize("network", NETWORKS, ids=lambda path: path.stem)
def test_planning_for_time_or_fidelity_gains_on_a_small_sample(network: Path) -> None:
    outcome = outcome_of(SAMPLES / "draper_adder_8.qasm", network, Effort.QUICK)
    assert outcome.sooner
    assert outcome.better
