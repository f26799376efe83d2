"""Reunion: the circuits of the islands, with cut gates and wires joined again, are the circuit that was cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dqplan.core.circuit import Circuit, CircuitBuilder, Condition, Operation, Term
from dqplan.core.gates import Op
from dqplan.core.program import QubitKind
from dqplan.core.verdict import Check, Status
from dqplan.load.cuts_document import CUTS_FILE, CutPart, CutsDocument
from dqplan.load.emitted import Emitted
from dqplan.verify.structure.structure_check import check_structure

NAME = "islands together"


class MisfitError(Exception):
    """What does not fit together."""


def check_reunion(document: CutsDocument, islands: Sequence[Emitted], circuit: Circuit) -> Check:
    """Join the ends of every cut and prove that the result is the circuit, for every input and outcome.

    Args:
        document: cuts.json.
        islands: their folders, read back.
        circuit: that was cut.
    """
    try:
        told = document.circuit.num_qubits, sum(register.size for register in document.circuit.registers)
        if told != (circuit.num_qubits, circuit.num_clbits):
            raise MisfitError(
                f"it is about {told[0]} qubits and {told[1]} bits, the circuit has {circuit.num_qubits} and "
                f"{circuit.num_clbits}"
            )
        joined = _Reunion(document, islands, circuit)
    except MisfitError as fault:
        return Check(NAME, Status.FAILED, f"{CUTS_FILE}: {fault}")
    check = check_structure(joined.emitted(circuit))
    where = check.detail.replace("joint.qasm", "the islands' circuits, joined")
    return Check(NAME, check.status, where)


class _Reunion:
    """The operations of all islands in their order, and what was cut."""

    def __init__(self, document: CutsDocument, islands: Sequence[Emitted], circuit: Circuit) -> None:
        self.document, self.islands = document, islands
        self.rows = [list(island.circuit) for island in islands]
        self.next = [0] * len(islands)
        self.offset = [sum(i.circuit.num_qubits for i in islands[:k]) for k in range(len(islands))]
        self.builder = CircuitBuilder(name=circuit.name)
        for part, island in zip(document.islands, islands, strict=True):
            self.builder.add_qreg(part.name, island.circuit.num_qubits)
        for register in circuit.cregs:
            self.builder.add_creg(register.name, register.size)
        self.qubit_at: dict[tuple[int, ...], int] = {}
        self.cut_at = {tuple(end): cut for cut in document.cuts for end in cut.ends}
        self.places = [self._places(places) for places in (document.inputs, document.outputs)]
        self._run()

    def _places(self, places: Sequence[Sequence[int]]) -> tuple[int, ...]:
        if len(places) != self.document.circuit.num_qubits:
            raise MisfitError(f"{len(places)} places for {self.document.circuit.num_qubits} qubits")
        for island, qubit in places:
            if island >= len(self.islands) or qubit >= self.islands[island].circuit.num_qubits:
                raise MisfitError(f"a qubit of the circuit is in qubit {qubit} of island {island}, which is not there")
        found = tuple(self.offset[island] + qubit for island, qubit in places)
        if len(set(found)) < len(found):
            raise MisfitError("two qubits of the circuit are in the same place")
        return found

    def _run(self) -> None:
        """Go through the rows in their order; at the first end of a cut an island waits for the other."""
        waiting: set[tuple[int, ...]] = set()
        for island in (island for island, length in self.document.order for _ in range(length)):
            if self.next[island] >= len(self.rows[island]) or any(end[0] == island for end in waiting):
                raise MisfitError(f"the order has more operations of {self.document.islands[island].name} than follow")
            row = self.rows[island][self.next[island]]
            self.next[island] += 1
            if (end := self._end(island, row)) is None:
                self._copy(island, row)
                continue
            cut = self.cut_at[island, end]
            waiting.add((island, end))
            self.qubit_at[island, end] = self._end_qubit(island, row)
            if {tuple(each) for each in cut.ends} <= waiting:
                waiting -= {tuple(each) for each in cut.ends}
                self._join(cut)
        if waiting or self.next != [len(rows) for rows in self.rows]:
            raise MisfitError("the order leaves out operations of the islands")

    def _end(self, island: int, row: Operation) -> int | None:
        """The number of the end that a row stands for, if it does."""
        first = len(self.document.islands[island].clbits)
        return row.clbit - first if row.op is Op.MEASURE and row.clbit >= first else None

    def _end_qubit(self, island: int, row: Operation) -> int:
        if row.condition is not None:
            raise MisfitError("an end waits for a condition")
        return self.offset[island] + row.qubits[0]

    def _join(self, cut: CutPart) -> None:
        """The gate that was cut, exp(-iφ/2 Z⊗Z), as CP and turns.

        Or the wire: the source's H undone, and its qubit in the place of the target's, which was just reset.
        """
        qubits = [self.qubit_at[island, end] for island, end in cut.ends]
        if cut.kind == "gate":
            self.builder.append(Op.CP, qubits, (-2 * cut.angle,), line=cut.line)
            for qubit in qubits:
                self.builder.append(Op.P, [qubit], (cut.angle,), line=cut.line)
        else:
            self.builder.append(Op.H, qubits[:1], line=cut.line)
            self.builder.append(Op.SWAP, qubits, line=cut.line)

    def _copy(self, island: int, row: Operation) -> None:
        bits = self.document.islands[island].clbits
        condition = None
        if row.condition is not None:
            if any(bit >= len(bits) for bit in row.condition.clbits):
                raise MisfitError("a condition reads the end of a cut")
            terms = (Term(tuple(bits[c] for c in t.clbits), t.value, t.equal) for t in row.condition.terms)
            condition = Condition(tuple(terms))
        self.builder.append(
            row.op,
            [self.offset[island] + qubit for qubit in row.qubits],
            row.params,
            clbit=bits[row.clbit] if row.clbit >= 0 else -1,
            condition=condition,
            line=row.line,
        )

    def emitted(self, circuit: Circuit) -> Emitted:
        """The joined circuit in the place of a joint program, all its qubits as those of one module."""
        joint = self.builder.build()
        return replace(
            self.islands[0],
            circuit=circuit,
            joint=joint,
            module_of=(0,) * joint.num_qubits,
            kind_of=(QubitKind.DATA,) * joint.num_qubits,
            input=self.places[0],
            output=self.places[1],
            clbits=tuple(range(joint.num_clbits)),
            first_message=joint.num_clbits,
        )
