"""Program and Schedule -> schedule.json, schema `dqplan.schedule/1`: what a control system and a network need to know.

Times are those of the schedule in which everything takes its mean duration. A controller keeps the order on every qubit
and link, and starts each operation as soon as what is before it is over.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dqplan.core.circuit import bit_names
from dqplan.core.gates import Op
from dqplan.core.outlook import Schedule
from dqplan.core.program import Program

SCHEMA = "dqplan.schedule/1"


def schedule_document(program: Program, schedule: Schedule) -> dict[str, Any]:
    """The document as JSON-able values: operations by module and e-bits by link, each in order of their starts."""
    writer = _Writer(program, schedule)
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

    def __init__(self, program: Program, schedule: Schedule) -> None:
        circuit = program.circuit
        self.circuit = circuit
        self.hardware = program.plan.hardware
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
        found: dict[tuple[int, int], list[dict[str, Any]]] = {}
        deadline = self._first_uses()
        for row in self.order:
            if self.ops[row] == Op.EPR:
                a, b = sorted(self.module_of[qubit] for qubit in self.qubits[row])
                request = {**self._slot(row), "deadline_s": deadline.get(row, self.end[row])}
                found.setdefault((a, b), []).append(request)
        links = self.hardware.quantum_links
        return {
            self.hardware.link_name(*ends): {"channels": links[ends].parallel_channels, "requests": requests}
            for ends, requests in sorted(found.items())
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

    def _first_uses(self) -> dict[int, float]:
        """When a half of each e-bit is first used."""
        pending: dict[int, int] = {}
        found: dict[int, float] = {}
        for row, qubits in enumerate(self.qubits):
            for qubit in qubits:
                made = pending.pop(qubit, -1)
                if made >= 0:
                    found[made] = min(found.get(made, math.inf), self.start[row])
                if self.ops[row] == Op.EPR:
                    pending[qubit] = row
        return found

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
