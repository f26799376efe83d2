"""What planning for time or fidelity gains over planning for e-bits.

    python -m tests.benchmarks.objectives [--circuits FILE ...] [--hardware FILE ...] [--effort quick]

Every circuit is planned on every network for e-bits, time and fidelity; printed is a Markdown table of what comes out,
and in how many pairs each objective gets what it asks for. The programs are tried with e-bits that arrive at other
times than those that the planner saw, so that luck in its choice does not count. The networks are made up.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.judge import Judge
from dqplan.core.normalise import segments_of
from dqplan.core.objective import Figures, Objective
from dqplan.core.plan import Effort
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from tests.benchmarks.instances import ROOT, SAMPLES
from tests.benchmarks.tables import Block, markdown

CIRCUITS = ("qft_16", "qaoa_16", "vqe_two_local_12", "draper_adder_8", "cdkm_adder_10")
NETWORKS = sorted(Path(__file__).with_name("networks").glob("*.yaml"))
OBJECTIVES = (Objective.EBITS, Objective.TIME, Objective.FIDELITY)
SEED = 0
UNSEEN = 2_000_000_011
"""Seed of the trials whose outcome is printed."""


@dataclass(frozen=True)
class Outcome:
    """What the plans of one circuit on one network come to, in the order of `OBJECTIVES`."""

    circuit: str
    hardware: str
    figures: Sequence[Figures]

    @property
    def sooner(self) -> bool:
        """Whether planning for time ends earlier than planning for e-bits."""
        return self.figures[1].p95_s < self.figures[0].p95_s

    @property
    def better(self) -> bool:
        """Whether planning for fidelity ends better than planning for e-bits."""
        return self.figures[2].infidelity < self.figures[0].infidelity


def outcome_of(circuit: Path, network: Path, effort: Effort) -> Outcome:
    """Plan for each objective, and try what comes out."""
    segments, hardware = segments_of(load_circuit(str(circuit))), load_hardware(str(network))
    found = []
    for objective in OBJECTIVES:
        plan = choose_plan(segments, hardware, objective=objective, effort=effort, seed=SEED)
        found.append(Judge(hardware, objective, UNSEEN).judged(plan).figures)
    return Outcome(circuit.stem, network.stem, found)


def block_of(outcomes: Sequence[Outcome]) -> Block:
    """One row for each pair."""
    columns = [f"{what}, for {objective}" for what in ("e-bits", "p95 ms", "fidelity") for objective in OBJECTIVES]
    return Block("Objectives", ["circuit", "hardware", *columns], [list(_cells(outcome)) for outcome in outcomes])


def _cells(outcome: Outcome) -> Iterator[str]:
    yield from (outcome.circuit, outcome.hardware)
    yield from (f"{figures.ebits:g}" for figures in outcome.figures)
    yield from (f"{1e3 * figures.p95_s:.1f}" for figures in outcome.figures)
    yield from (f"{figures.fidelity:.4f}" for figures in outcome.figures)


def verdict_of(outcomes: Sequence[Outcome]) -> str:
    """How often each objective gets what it asks for."""
    sooner, better = (sum(getattr(outcome, gain) for outcome in outcomes) for gain in ("sooner", "better"))
    pairs = len(outcomes)
    return (
        f"Planning for time ends earlier than planning for e-bits in {sooner} of {pairs} pairs, "
        f"planning for fidelity ends better in {better} of {pairs}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    samples = [ROOT / SAMPLES / f"{name}.qasm" for name in CIRCUITS]
    parser.add_argument("--circuits", type=Path, nargs="+", default=samples, metavar="FILE")
    parser.add_argument("--hardware", type=Path, nargs="+", default=NETWORKS, metavar="FILE")
    parser.add_argument("--effort", type=Effort, choices=list(Effort), default=Effort.QUICK)
    asked = parser.parse_args()
    outcomes = []
    for network, circuit in product(asked.hardware, asked.circuits):
        print(f"{circuit.stem} on {network.stem}", file=sys.stderr, flush=True)
        outcomes.append(outcome_of(circuit, network, asked.effort))
    print(f"{markdown(block_of(outcomes))}\n{verdict_of(outcomes)}")


if __name__ == "__main__":
    main()
