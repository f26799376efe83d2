"""How planning scales: CPU seconds of every stage and peak memory, beside Qiskit's reader on the same file.

    python -m tests.benchmarks.scale_bench [--effort quick] [--gates 5000 10000 100000 1000000] [--kinds local qaoa]

Every circuit is measured in a process of its own. Circuits of 5,000 gates have 100 qubits, larger ones 1,000, on four
or eight modules. Times are CPU seconds after imports; compare them only within one run. The last two columns are what
should stay flat: microseconds of the whole pipeline per two-qubit gate, and its time over that of Qiskit's reader.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.files import program_files
from dqplan.split.split_circuit import split_circuit
from dqplan.verify.verify_plan import verify_plan
from tests.benchmarks.instances import ROOT
from tests.benchmarks.measure import cpu_seconds, import_planner, peak_megabytes
from tests.benchmarks.synthetic import KINDS, program
from tests.benchmarks.tables import Block, rich_table

STAGES = ("load", "normalise", "plan", "split", "verify")
SMALL = 5_000
"""Gates up to which a circuit has 100 qubits."""

T = TypeVar("T")


class Stopwatch:
    """CPU seconds of named stages."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}

    def time(self, stage: str, action: Callable[[], T]) -> T:
        """Do something and note how long it took."""
        start = cpu_seconds()
        result = action()
        self.laps[stage] = cpu_seconds() - start
        return result


def measure(path: str, hardware: str, effort: Effort) -> dict[str, float]:
    """Every stage from file to verdict, then Qiskit's reader."""
    import_planner()
    watch = Stopwatch()
    circuit = watch.time("load", lambda: load_circuit(path))
    segments = watch.time("normalise", lambda: segments_of(circuit))
    plan = watch.time("plan", lambda: solve_plan(segments, load_hardware(hardware), effort=effort))
    planning_mb = peak_megabytes()
    files = watch.time("split", lambda: program_files(split_circuit(plan)))
    verdict = watch.time("verify", lambda: verify_plan(files, circuit))
    row = {"ebits": plan.cost.ebits, "holds": verdict.holds, "planning_mb": planning_mb, "peak_mb": peak_megabytes()}

    from qiskit import qasm2  # after the memory was measured

    watch.time("qiskit", lambda: qasm2.load(path))
    return {**watch.laps, **row}


def row_of(kind: str, num_gates: int, effort: Effort) -> list[str]:
    """Measure one circuit in a child process; the cells of its row."""
    num_qubits, hardware = (100, "all:4x26") if num_gates <= SMALL else (1_000, "all:8x130")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}_{num_qubits}.qasm"
        path.write_text(program(kind, num_qubits, num_gates), encoding="utf-8")
        command = [sys.executable, "-m", "tests.benchmarks.scale_bench", "--measure", str(path), hardware, effort.value]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    laps = json.loads(done.stdout)
    total = sum(laps[stage] for stage in STAGES)
    seconds = [f"{laps[stage]:.2f}" for stage in (*STAGES, "qiskit")]
    memory = [f"{laps['planning_mb']}", f"{laps['peak_mb']}"]
    per_gate = [
        f"{1e6 * laps['plan'] / num_gates:.1f}",
        f"{1e6 * total / num_gates:.1f}",
        f"{total / laps['qiskit']:.1f}",
    ]
    verdict = "holds" if laps["holds"] else "FAILS"
    return [kind, hardware, f"{num_gates:,}", f"{laps['ebits']}", verdict, *seconds, *memory, *per_gate]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--effort", type=Effort, choices=list(Effort), default=Effort.QUICK)
    parser.add_argument("--gates", type=int, nargs="+", default=[5_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        path, hardware, effort = asked.measure
        print(json.dumps(measure(path, hardware, Effort(effort))))
        return
    headings = ["circuit", "hardware", "gates", "e-bits", "verdict", *STAGES, "Qiskit reads"]
    headings += ["MB to plan", "MB in all", "plan us/gate", "us/gate", "all / Qiskit reads"]
    rows = []
    for kind, num_gates in product(asked.kinds, asked.gates):
        rows.append(row_of(kind, num_gates, asked.effort))
        print(*rows[-1], file=sys.stderr, flush=True)
    Console(width=None if sys.stdout.isatty() else 160).print(rich_table(Block("CPU seconds", headings, rows)))


if __name__ == "__main__":
    main()
