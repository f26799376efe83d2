"""Whether what a simulator found is what the original circuit does: exactly for states, by distance for samples."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.plan import Effort
from dqplan.core.program import Program
from dqplan.core.statevector import State
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from dqplan.split.split_circuit import split_circuit
from tests.arbitrary_plans import arbitrary_plan
from tests.branches import branches_of, distribution_of

Bits = tuple[int, ...]


def any_program(circuit: Circuit, seed: int, hardware: str = "line:3x3+2") -> Program:
    """The program of an arbitrary plan, for three modules of which the middle one lies on the way."""
    return split_circuit(arbitrary_plan(segments_of(circuit), load_hardware(hardware), seed))


def planned_program(circuit: Circuit, hardware: str) -> Program:
    """The program of a good plan."""
    return split_circuit(solve_plan(segments_of(circuit), load_hardware(hardware), effort=Effort.QUICK))


def is_a_branch(program: Program, bits: Sequence[int], state: State) -> bool:
    """Whether one run ended as the original circuit can end.

    A reset qubit may be left behind instead, entangled with the others: what they are in is then a mixture of ends.

    Args:
        program: what was run, from |0...0>.
        bits: of the joint program, at the end; those of messages do not matter.
        state: of the joint program's qubits in their order, shape (2,) * n or (2^n,).
    """
    circuit = program.plan.segments.circuit
    total, n = program.circuit.num_qubits, circuit.num_qubits
    others = [qubit for qubit in range(total) if qubit not in program.output_qubit]
    found = np.transpose(np.reshape(state, (2,) * total), [*program.output_qubit, *others]).reshape(2**n, -1)
    own = tuple(int(bit) for bit in bits[: circuit.num_clbits])
    ends = [branch.state.reshape(-1) for branch in branches_of(circuit) if branch.bits == own]
    _, weights, span = np.linalg.svd(np.array(ends).reshape(-1, 2**n), full_matrices=False)
    return bool(abs(np.linalg.norm(span[weights > 1e-9].conj() @ found) - 1) < 1e-6)


def is_sample_of(circuit: Circuit, outcomes: Iterable[Sequence[int]]) -> bool:
    """Whether samples of the circuit's own bits are close to their distribution.

    The expected total variation distance of n samples from k outcomes is below sqrt(k / n) / 2; twice that is allowed.
    """
    wanted = distribution_of(circuit)
    counts = Counter(tuple(int(bit) for bit in outcome[: circuit.num_clbits]) for outcome in outcomes)
    total = sum(counts.values())
    return _distance(counts, wanted, total) < math.sqrt(len(wanted) / total)


def _distance(counts: Mapping[Bits, int], wanted: Mapping[Bits, float], total: int) -> float:
    return sum(abs(counts.get(bits, 0) / total - wanted.get(bits, 0.0)) for bits in {*counts, *wanted}) / 2


def without_correction(program: Program) -> Program:
    """The same program with its first conditional operation left out: a bug that every judge must see."""
    circuit = program.circuit
    first = int(np.flatnonzero((circuit.condition >= 0) & (circuit.op != Op.MEASURE))[0])
    kept = np.arange(len(circuit)) != first
    columns = {name: getattr(circuit, name)[kept] for name in ("op", "qubits", "params", "clbit", "condition", "line")}
    return Program(**{**_fields(program), "circuit": Circuit(**{**_plain(circuit), **columns}), "comments": {}})


def _fields(program: Program) -> dict[str, object]:
    return {name: getattr(program, name) for name in Program.__dataclass_fields__}


def _plain(circuit: Circuit) -> dict[str, object]:
    return {name: getattr(circuit, name) for name in Circuit.__dataclass_fields__}
