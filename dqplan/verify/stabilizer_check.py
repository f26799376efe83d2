"""A second judge for shares and corrections: programs with Clifford gates only, by stim (Gidney, Quantum 5, 497, 2021).

The protocols do not depend on angles, so each angle of the joint program may be replaced by a multiple of π/2 (of π for
CP), and the same replacement happens to the logical steps that the structural check rebuilds. What is left is a
stabilizer circuit with feed-forward, which stim compares with these steps

- for all inputs and all outcomes at once, up to signs: every Pauli matrix at the inputs flows to the one at the outputs
  that the steps say (`has_all_flows`);
- with signs, for inputs entangled with references and a few random outcomes.

If no gate needs replacing, the joint program is compared with the input circuit itself. Equal angles get equal
replacements and opposite ones opposite, so that stretches of flips stay what they are. Measurements of the circuit are
left out on both sides, which makes the statement stronger; programs with resets or conditions of the circuit's own are
not checked.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from dqplan.core.circuit import Circuit, Condition
from dqplan.core.gates import Matrix2, Op, one_qubit_matrix
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted
from dqplan.verify.structure.follow import StoppedError, follow
from dqplan.verify.structure.spell import spell
from dqplan.verify.structure.steps import Do, Step

if TYPE_CHECKING:
    import stim

NAME = "stabilizer"
MAX_WORK = 2_000_000
"""Qubits of the circuit times operations of the joint program; about a second's worth."""
NUM_RUNS = 3
"""Runs with random outcomes; each misses a missing correction with probability 1/2 at most."""
_SEED = 11
_CLOSE = 1e-9


class _UnfitError(Exception):
    """Why a program cannot be checked this way."""


def check_stabilizer(emitted: Emitted) -> Check:
    """Compare the joint program with its logical steps, both with Clifford gates in the place of others.

    Returns:
        TESTED, FAILED, or SKIPPED without stim, for programs too large or with conditions, and where nothing fits.
    """
    try:
        import stim  # noqa: F401
    except ImportError:
        return Check(NAME, Status.SKIPPED, "needs stim: pip install 'dqplan[stim]'")
    try:
        return _checked(emitted)
    except _UnfitError as unfit:
        return Check(NAME, Status.SKIPPED, str(unfit))


def _checked(emitted: Emitted) -> Check:
    if emitted.circuit.num_qubits * len(emitted.joint) > MAX_WORK:
        raise _UnfitError(f"qubits times operations are more than {MAX_WORK:,}")
    if len(emitted.input) != emitted.circuit.num_qubits:
        raise _UnfitError("the circuit has another number of qubits")
    joint, replaced = _replaced(emitted.joint)
    steps, wires = spell(emitted.circuit)
    if replaced:
        try:
            followed = follow(replace(emitted, joint=joint), [])
        except StoppedError as stop:
            raise _UnfitError(f"cannot be followed: {emitted.place(min(stop.row, len(joint) - 1))}: {stop}") from None
        steps, wires = followed.steps, followed.outputs
    fault = _fault(emitted, joint, _logical(steps, emitted.circuit.num_qubits), wires)
    if fault:
        return Check(NAME, Status.FAILED, fault)
    against = f"its logical steps, {replaced:,} angles replaced by multiples of π/2" if replaced else "the circuit"
    detail = (
        f"equal to {against}: all Pauli flows for all outcomes up to signs, with signs on {NUM_RUNS} random outcomes"
    )
    return Check(NAME, Status.TESTED, detail)


# -- replacing angles ------------------------------------------------------------------------------------------------


def _replaced(joint: Circuit) -> tuple[Circuit, int]:
    """The program with other angles, and how many were replaced."""
    params = joint.params.copy()
    changed = 0
    for row, operation in enumerate(joint):
        if operation.op not in (Op.CP, Op.P, Op.RX, Op.RY, Op.RZ, Op.U):
            if operation.op in (Op.T, Op.TDG):
                raise _UnfitError("a T gate has no angle to replace")
            continue
        step = math.pi if operation.op is Op.CP else math.pi / 2
        for place, angle in enumerate(operation.params):
            if abs(math.remainder(angle, step)) > _CLOSE:
                params[row, place] = _replacement(round(abs(angle), 9), step) * (1 if angle > 0 else -1)
                changed += 1
    return replace(joint, params=params), changed


@lru_cache(maxsize=65536)
def _replacement(angle: float, step: float) -> float:
    return step * random.Random(f"{_SEED} {angle!r}").randrange(round(2 * math.pi / step))


# -- stim circuits ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _names() -> list[tuple[str, np.ndarray[tuple[int, int], np.dtype[np.complex128]]]]:
    """Stim's one-qubit unitaries."""
    import stim

    gates = [gate for gate in stim.gate_data().values() if gate.is_unitary and gate.is_single_qubit_gate]
    return [(gate.name, np.asarray(gate.unitary_matrix, dtype=np.complex128)) for gate in gates]


@lru_cache(maxsize=4096)
def _name(matrix: Matrix2) -> str:
    """Stim's gate that is the unitary up to global phase."""
    wanted = np.array(matrix).reshape(2, 2)
    for name, unitary in _names():
        if abs(abs(np.vdot(unitary, wanted)) - 2) < 1e-5:  # stim gives its matrices in single precision
            return name
    raise _UnfitError("a one-qubit gate that is no Clifford gate, of fixed or replaced angles")


def _logical(steps: Sequence[Step], num_wires: int) -> stim.Circuit:
    """Logical steps as a unitary circuit; measurements are left out."""
    import stim

    circuit = stim.Circuit()
    circuit.append("I", range(num_wires))
    for step in steps:
        if step.guard is not None or step.do is Do.RESET:
            raise _UnfitError("the circuit has conditions or resets")
        if step.do is Do.PHASE:
            if abs(math.remainder(step.angle, math.pi)) > _CLOSE:
                raise _UnfitError("a controlled phase that is no Clifford gate")
            if round(step.angle / math.pi) % 2:
                circuit.append("CZ", step.wires)
        elif step.matrix is not None:
            circuit.append(_name(step.matrix), step.wires)
    return circuit


def _physical(emitted: Emitted, joint: Circuit) -> stim.Circuit:
    """The joint program; corrections are controlled by the records of their messages."""
    import stim

    circuit, record, measured = stim.Circuit(), dict[int, int](), 0
    circuit.append("I", range(joint.num_qubits))
    idle = sorted(set(range(joint.num_qubits)) - set(emitted.input))
    circuit.append("R", idle)
    for operation in joint:
        op, qubits = operation.op, operation.qubits
        if operation.condition is not None:
            back = {clbit: number - measured for clbit, number in record.items() if clbit in operation.condition.clbits}
            for name, targets in _feedback(emitted, op, qubits[0], operation.condition, back):
                circuit.append(name, targets)
        elif op is Op.MEASURE and operation.clbit >= emitted.first_message:
            record[operation.clbit] = measured
            measured += 1
            circuit.append("M", qubits)
        elif op is Op.EPR:
            circuit.append("H", qubits[:1])
            circuit.append("CX", qubits)
        elif op in (Op.CX, Op.CZ, Op.SWAP):
            circuit.append(op.name, qubits)
        elif op is Op.CP and round(operation.params[0] / math.pi) % 2:
            circuit.append("CZ", qubits)
        elif op is Op.RESET:
            circuit.append("R", qubits)
        elif len(qubits) == 1 and op is not Op.MEASURE:
            circuit.append(_name(one_qubit_matrix(op, operation.params)), qubits)
    return circuit


def _feedback(
    emitted: Emitted, op: Op, qubit: int, condition: Condition, back: Mapping[int, int]
) -> Iterator[tuple[str, list[stim.GateTarget | int]]]:
    """A Pauli matrix that waits for a message; `back` says how many measurements ago each bit was written, below 0."""
    import stim

    term, *others = condition.terms
    if others or len(term.clbits) > 1 or term.clbits[0] not in back or op not in (Op.X, Op.Y, Op.Z):
        bits = ", ".join(emitted.clbit_names[clbit] for clbit in sorted(condition.clbits))
        raise _UnfitError(f"{op.spelling} under a condition on {bits}")
    yield f"C{op.name}", [stim.target_rec(back[term.clbits[0]]), qubit]
    if (term.value == 1) != term.equal:
        yield op.name, [qubit]


# -- comparing -------------------------------------------------------------------------------------------------------


def _fault(emitted: Emitted, joint: Circuit, logical: stim.Circuit, wires: Sequence[int]) -> str:
    physical = _physical(emitted, joint)
    flows = list(_flows(emitted, logical, wires, joint.num_qubits))
    if not physical.has_all_flows(flows, unsigned=True):
        number = next(number for number, flow in enumerate(flows) if not physical.has_flow(flow, unsigned=True))
        return f"{'XZ'[number % 2]} on circuit qubit {number // 2} does not flow where the circuit takes it"
    for run in range(NUM_RUNS):
        wrong = _wrong_sign(emitted, physical, logical, wires, run)
        if wrong >= 0:
            return f"run {run} of {NUM_RUNS} with random outcomes has a wrong sign on circuit qubit {wrong}"
    return ""


def _flows(emitted: Emitted, logical: stim.Circuit, wires: Sequence[int], num_places: int) -> Iterator[stim.Flow]:
    """For X and Z on each input: the Pauli matrices that they become, on the outputs."""
    import stim

    tableau = logical.to_tableau()
    place = {wire: emitted.output[qubit] for qubit, wire in enumerate(wires)}
    for qubit, source in enumerate(emitted.input):
        for letter, found in (("X", tableau.x_output(qubit)), ("Z", tableau.z_output(qubit))):
            before, after = stim.PauliString(num_places), stim.PauliString(num_places)
            before[source] = letter
            for wire in found.pauli_indices():
                after[place[wire]] = found[wire]
            yield stim.Flow(input=before, output=after)


def _wrong_sign(emitted: Emitted, physical: stim.Circuit, logical: stim.Circuit, wires: Sequence[int], run: int) -> int:
    """Half of a Bell pair through the program and back through the circuit: the pair must be as it was; -1 if so."""
    import stim

    simulator, first = stim.TableauSimulator(seed=_SEED + run), physical.num_qubits
    for qubit, place in enumerate(emitted.input):
        simulator.h(first + qubit)
        simulator.cx(first + qubit, place)
    simulator.do_circuit(physical)
    place_of = {wire: emitted.output[qubit] for qubit, wire in enumerate(wires)}
    simulator.do_tableau(logical.to_tableau(ignore_noise=True).inverse(), [place_of[w] for w in range(len(wires))])
    for qubit in range(len(wires)):
        simulator.cx(first + qubit, place_of[qubit])
        simulator.h(first + qubit)
        if simulator.peek_z(first + qubit) != 1 or simulator.peek_z(place_of[qubit]) != 1:
            return qubit
    return -1
