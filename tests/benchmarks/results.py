"""What dqplan reached: one result per instance, and the file where results are recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dqplan.core.plan import Effort
from tests.benchmarks.instances import Instance, Key
from tests.benchmarks.peers import HEADINGS, counted

RECORDED = Path(__file__).with_name("recorded.json")


@dataclass(frozen=True)
class Result:
    """One instance, planned.

    Attributes:
        instance: what was planned.
        num_qubits: of the circuit.
        num_modules: of the network.
        ebits: what the plan costs.
        bound: e-bits that were proved necessary.
        proved_by: the method that proved them.
        cpu_s: CPU seconds of planning, after imports; three digits, and never compared.
        peak_mb: megabytes of memory that the planning process took at most; never compared.
    """

    instance: Instance
    num_qubits: int
    num_modules: int
    ebits: int
    bound: int
    proved_by: str
    cpu_s: float
    peak_mb: int

    @property
    def optimal(self) -> bool:
        """Whether no plan of the bound's class is cheaper."""
        return self.ebits == self.bound

    @property
    def gap(self) -> float:
        """Share of the e-bits that is not proved necessary, 0 … 1."""
        return (self.ebits - self.bound) / max(self.ebits, 1)

    @property
    def best_peers(self) -> tuple[int, list[str]] | None:
        """Fewest e-bits of the peers that count, and who reached them; None without peers."""
        numbers = counted(self.instance.accounting, self.instance.peers)
        if not numbers:
            return None
        best = min(numbers.values())
        return best, [name for name, ebits in numbers.items() if ebits == best]

    @property
    def ratio(self) -> float | None:
        """E-bits over those of the best peer; none counts as one, so that a mean of ratios stays defined."""
        best = self.best_peers
        return max(self.ebits, 1) / max(best[0], 1) if best else None


def read_results(path: Path = RECORDED) -> list[Result]:
    """The recorded results; none if there is no such file."""
    if not path.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [_result(**row) for row in rows]


def write_results(results: Iterable[Result], path: Path = RECORDED) -> None:
    """Record results, one on each line, so that a change shows as the lines that changed."""
    rows = [json.dumps(_row(result), ensure_ascii=False) for result in results]
    path.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")


def merged(old: Iterable[Result], new: Iterable[Result]) -> list[Result]:
    """Old results with new ones in their places, in an order that does not depend on what was run."""
    by_key: dict[Key, Result] = {result.instance.key: result for result in [*old, *new]}
    return sorted(by_key.values(), key=lambda result: (result.instance.is_sample, _order(result.instance)))


def _order(instance: Instance) -> tuple[bool, str, str, str]:
    return (instance.accounting == "hard", instance.effort.value, instance.circuit, instance.hardware)


def _row(result: Result) -> dict[str, object]:
    instance = result.instance
    return {
        "circuit": instance.circuit,
        "hardware": instance.hardware,
        "accounting": instance.accounting,
        "effort": instance.effort.value,
        "qubits": result.num_qubits,
        "modules": result.num_modules,
        "ebits": result.ebits,
        "bound": result.bound,
        "proved_by": result.proved_by,
        "cpu_s": result.cpu_s,
        "peak_mb": result.peak_mb,
        "peers": {name: ebits for name, ebits in instance.peers.items() if name in HEADINGS},
    }


def _result(
    *,
    circuit: str,
    hardware: str,
    accounting: str,
    effort: str,
    qubits: int,
    modules: int,
    ebits: int,
    bound: int,
    proved_by: str,
    cpu_s: float,
    peak_mb: int,
    peers: dict[str, int],
) -> Result:
    instance = Instance(circuit, hardware, accounting, Effort(effort), peers)
    return Result(instance, qubits, modules, ebits, bound, proved_by, cpu_s, peak_mb)
