"""No e-bit count gets worse than recorded.

Better counts are recorded by `python -m tests.benchmarks.scoreboard --write`, with `--only PATTERN` for some instances;
worse ones, too, where they are meant: the change then stands in `recorded.json`, for everybody to see.
The peers' instances are planned only if the environment variable DQPLAN_BENCH names the folder that holds them.
"""

from __future__ import annotations

import os
import platform
import sys
import warnings
from collections import defaultdict
from pathlib import Path

import pytest

from dqplan.core.plan import Effort
from tests.benchmarks.instances import sample_instances
from tests.benchmarks.measure import plan_of
from tests.benchmarks.results import Result, read_results

RESULTS = read_results()
SEARCHED = ("cdkm_adder_10", "draper_adder_8", "heisenberg_8", "hidden_shift_10", "w_8")
"""Samples that are planned with normal effort, too; the search takes a second for each of them."""
BENCH = os.environ.get("DQPLAN_BENCH")

same_kind_of_machine = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="the solvers draw other random numbers with another standard library; recorded on Linux, x86-64",
)


def named(result: Result) -> str:
    return " ".join((result.instance.name, *result.instance.key[1:]))


def is_quick_to_check(result: Result) -> bool:
    instance = result.instance
    return instance.is_sample and (instance.effort is Effort.QUICK or instance.name in SEARCHED)


def check(result: Result, bench: Path | None) -> None:
    instance = result.instance
    plan = plan_of(instance.path(bench), instance.hardware, instance.accounting, instance.effort)
    pattern = f"{instance.name}.*{instance.hardware} {instance.accounting} {instance.effort}"
    record = f"python -m tests.benchmarks.scoreboard --only '{pattern.replace('+', '[+]')}' --write"
    change = f"{named(result)}: {plan.cost.ebits} e-bits, recorded are {result.ebits}; to record it: {record}"
    assert plan.cost.ebits <= result.ebits, change
    if plan.cost.ebits < result.ebits:
        warnings.warn(change, stacklevel=2)


@same_kind_of_machine
@pytest.mark.parametrize("result", [result for result in RESULTS if is_quick_to_check(result)], ids=named)
def test_samples_cost_no_more_than_recorded(result: Result) -> None:
    check(result, None)


@same_kind_of_machine
@pytest.mark.skipif(not BENCH, reason="DQPLAN_BENCH names no folder with the peers' instances")
@pytest.mark.parametrize("result", [result for result in RESULTS if not result.instance.is_sample], ids=named)
def test_circuits_of_the_peers_cost_no_more_than_recorded(result: Result) -> None:
    check(result, Path(BENCH or ""))


def test_every_sample_is_recorded() -> None:
    """And nothing that is no longer there."""
    recorded = {result.instance.key for result in RESULTS if result.instance.is_sample}
    assert recorded == {i.key for effort in (Effort.QUICK, Effort.NORMAL) for i in sample_instances(effort)}


def test_no_bound_is_above_a_cost_that_was_reached() -> None:
    """By any effort, and on a network with fewer links: a plan for a line is also one for all links.

    Of the bounds, only connectivity speaks about every plan; the others may be undercut by plans of another class.
    """
    bounds: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    costs: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for result in RESULTS:
        where = (result.instance.circuit, result.instance.hardware)
        if result.proved_by == "connectivity":
            bounds[where].append(result.bound)
        for network in (result.instance.hardware, result.instance.hardware.replace("line:", "all:")):
            costs[where[0], network].append(result.ebits)
    assert [where for where in bounds if max(bounds[where]) > min(costs[where])] == []


def test_more_effort_costs_no_more() -> None:
    ebits = {result.instance.key: result.ebits for result in RESULTS}
    worse = [key for key in ebits if key[3] == Effort.QUICK and ebits[(*key[:3], Effort.NORMAL.value)] > ebits[key]]
    assert worse == []
