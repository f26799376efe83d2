"""Plan one instance and measure it, in a process of its own: memory is a peak, and nothing may be warm from before.

    python -m tests.benchmarks.measure CIRCUIT HARDWARE ACCOUNTING EFFORT

prints e-bits, bound, CPU seconds and memory as one JSON object.
"""

from __future__ import annotations

import json
import pkgutil
import resource
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import dqplan.solve
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort, Plan
from dqplan.load.load_circuit import load_circuit
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from tests.benchmarks.instances import ROOT, Instance
from tests.benchmarks.results import Result

LAZY = ("mtkahypar", "numba", "ortools.sat.python.cp_model", "scipy.optimize", "scipy.sparse")
"""What the planner imports when it is first needed."""


@dataclass(frozen=True)
class Failure:
    """An instance that could not be planned, and why."""

    instance: Instance
    reason: str


def measured(instance: Instance, bench: Path | None, limit_s: float) -> Result | Failure:
    """Plan an instance in a child process.

    Args:
        instance: what to plan.
        bench: the folder of the peers' instances, unless it is a sample.
        limit_s: wall-clock seconds after which it counts as failed.
    """
    arguments = [str(instance.path(bench)), instance.hardware, instance.accounting, instance.effort.value]
    command = [sys.executable, "-m", "tests.benchmarks.measure", *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return Failure(instance, f"not finished after {limit_s:.0f} s")
    if done.returncode:
        return Failure(instance, (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1])
    return Result(instance, **json.loads(done.stdout))


def plan_of(path: Path, hardware: str, accounting: str, effort: Effort) -> Plan:
    """The plan of an instance."""
    segments = segments_of(load_circuit(str(path)))
    return solve_plan(segments, load_hardware(hardware), effort=effort, relaxed=accounting == "relaxed")


def cpu_seconds() -> float:
    """CPU time of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peak_megabytes() -> int:
    """Peak memory of this process, or of its biggest child if that is more.

    Not their sum: Linux counts for a child what its parent held when it was started.
    """
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return max(usage.ru_maxrss for usage in usages) // unit


def import_planner() -> None:
    """Import everything that planning needs, so that CPU seconds are those of planning."""
    for module in pkgutil.walk_packages(dqplan.solve.__path__, "dqplan.solve."):
        import_module(module.name)
    for name in LAZY:
        import_module(name)


def main() -> None:
    circuit, hardware, accounting, effort = sys.argv[1:]
    import_planner()
    start = cpu_seconds()
    plan = plan_of(Path(circuit), hardware, accounting, Effort(effort))
    row = {
        "num_qubits": plan.segments.num_wires,
        "num_modules": plan.hardware.num_modules,
        "ebits": plan.cost.ebits,
        "bound": plan.bound.ebits,
        "proved_by": plan.bound.proved_by,
        "cpu_s": float(f"{cpu_seconds() - start:.3g}"),
        "peak_mb": peak_megabytes(),
    }
    print(json.dumps(row))


if __name__ == "__main__":
    main()
