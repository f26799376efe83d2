"""Program and Schedule -> schedule.json, schema `dqplan.schedule/1`: what a control system and a network need to know.

Times are those of the schedule in which everything takes its mean duration. A controller keeps the order on every qubit
and link, and starts each operation as soon as what is before it is over. E-bits are requested as late as they delay
nothing; of those of one link that wait at the same time, the youngest should be used, by an exchange of the names of
comm qubits at both ends. A request that is marked `remade` is for an e-bit that would be older than the link's cut-off
at its first use, and so must be thrown away and made again; the schedule sets no time aside for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from dqplan.core.circuit import bit_names
from dqplan.core.first_uses import next_starts, touches_in_time
from dqplan.core.gates import Op
from dqplan.core.hardware import Link
from dqplan.core.outlook import Schedule, Supply
from dqplan.core.program import Program

SCHEMA = "dqplan.schedule/1"


def schedule_document(
    program: Program, schedule: Schedule, supply: Mapping[str, Supply] = MappingProxyType({})
) -> dict[str, Any]:
    """The document as JSON-able values: operations by module and e-bits by link, each in order of their starts.

    Args:
        program: whose operations are listed.
        schedule: their times.
        supply: how e-bits are made, by link.
    """
    writer = _Writer(program, schedule, supply)
    return {
        "schema": SCHEMA,
        "circuit": program.circuit.name,
        "hardware": program.plan.hardware.name,
        "makespan_s": schedule.makespan_s,
        "bound_s": schedule.bound_s,
        "proved_by": schedule.proved_by,
        "modules": writer.modules(),
        "links": writer.links(),
        "messages": writer.messages(),
    }


class _Writer:
    """The parts of the document."""

    def __init__(self, program: Program, schedule: Schedule, supply: Mapping[str, Supply]) -> None:
        circuit = program.circuit
        self.circuit = circuit
        self.hardware = program.plan.hardware
        self.purification = program.plan.purification
        self.supply = supply
        first_use = next_starts(touches_in_time(circuit, schedule.start_s), schedule.start_s)
        self.first_use: list[float] = np.where(np.isinf(first_use), schedule.end_s, first_use).tolist()
        self.start: list[float] = schedule.start_s.tolist()
        self.end: list[float] = schedule.end_s.tolist()
        self.latency_s = self.hardware.latency_s
        self.names = bit_names(circuit.qregs)
        self.module_of: list[int] = program.module_of.tolist()
        self.ops: list[int] = circuit.op.tolist()
        self.qubits: list[list[int]] = [[qubit for qubit in row if qubit >= 0] for row in circuit.qubits.tolist()]
        by_start = np.argsort(schedule.start_s[schedule.order], kind="stable")
        self.order: list[int] = schedule.order[by_start].tolist()

    def modules(self) -> dict[str, Any]:
        """By module: the local operations, with their rows in the joint program."""
        found: dict[int, list[dict[str, Any]]] = {}
        for row in self.order:
            if self.ops[row] != Op.EPR:
                found.setdefault(self._module(row), []).append(self._slot(row))
        return {self.hardware.modules[number].name: slots for number, slots in sorted(found.items())}

    def links(self) -> dict[str, Any]:
        """By link: channels, and the e-bits to request, each with the time at which one of its halves is first used."""
        found: dict[tuple[int, int], list[int]] = {}
        for row in self.order:
            if self.ops[row] == Op.EPR:
                a, b = sorted(self.module_of[qubit] for qubit in self.qubits[row])
                found.setdefault((a, b), []).append(row)
        return {
            self.hardware.link_name(*ends): self._link(self.hardware.quantum_links[ends], rows)
            for ends, rows in sorted(found.items())
        }

    def messages(self) -> list[dict[str, Any]]:
        """Bits measured in one module that an operation in another waits for, in the order in which they are sent."""
        written: dict[int, int] = {}
        found: list[dict[str, Any]] = []
        bits = [sorted(condition.clbits) for condition in self.circuit.conditions]
        for row, (clbit, condition) in enumerate(
            zip(self.circuit.clbit.tolist(), self.circuit.condition.tolist(), strict=True)
        ):
            sources = [written[bit] for bit in bits[condition] if bit in written] if condition >= 0 else []
            found += [self._message(source, row) for source in sources if self._module(source) != self._module(row)]
            if clbit >= 0:
                written[clbit] = row
        return sorted(found, key=lambda message: (message["sent_s"], message["used"]))

    def _message(self, measured: int, used: int) -> dict[str, Any]:
        ends = [self.hardware.modules[self._module(row)].name for row in (measured, used)]
        latency = float(self.latency_s[self._module(measured), self._module(used)])
        times = {"sent_s": self.end[measured], "latency_s": latency, "needed_s": self.start[used]}
        return {"measured": measured, "used": used, "from": ends[0], "to": ends[1], **times}

    def _link(self, link: Link, rows: list[int]) -> dict[str, Any]:
        name = self.hardware.link_name(link.a, link.b)
        supply = self.supply.get(name)
        return {
            "channels": link.parallel_channels,
            "rounds": self.purification.get(name, 0),
            "raw_pairs": None if supply is None else supply.raw_pairs,
            "cutoff_s": link.cutoff_s,
            "requests": [self._request(row, link.cutoff_s) for row in rows],
        }

    def _request(self, row: int, cutoff_s: float | None) -> dict[str, Any]:
        late = cutoff_s is not None and self.first_use[row] - self.end[row] > cutoff_s
        return {**self._slot(row), "deadline_s": self.first_use[row], **({"remade": True} if late else {})}

    def _module(self, row: int) -> int:
        """Where a local operation happens."""
        return self.module_of[self.qubits[row][0]]

    def _slot(self, row: int) -> dict[str, Any]:
        return {
            "row": row,
            "op": Op(self.ops[row]).spelling,
            "qubits": [self.names[qubit] for qubit in self.qubits[row]],
            "start_s": self.start[row],
            "end_s": self.end[row],
        }
