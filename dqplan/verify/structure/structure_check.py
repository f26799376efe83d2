"""The structural proof: the logical circuit is rebuilt from the joint program and matched with the input circuit.

Linear in the size of the program, without any simulation of all qubits, for every input and every outcome.

1. `follow` replays the joint program on forms, sums over paths: it finds out which physical qubit holds which logical
   qubit at every moment, up to which corrections, and what is done to logical qubits. An operation whose effect is
   not a logical one is an error at its line.
2. `spell` writes the input circuit in one-qubit unitaries and CP; every recipe is compared with the gate's matrix.
3. `match` multiplies one circuit with the inverse of the other, step by step, which must leave the identity. Only exact
   identities are used: diagonal matrices commute, X passes CP, small blocks of gates are multiplied out. Both circuits
   measure at the same time, where the residue must not notice, and reset at the same time, where it must be a product:
   what it does to the qubit alone is forgotten.

What it rests on: the readers of OpenQASM, the matrices of gates (`core.gates`) and this package. It uses nothing of the
normal form in which the planner works (`core.segments`), so that a mistake there is found here. Numbers are floating
point: what `match` takes for rounding (at most 1e-9 at a time) is added up and told; `follow` takes angles within 1e-12
for multiples of π.

If that finds no proof, the planner's normal form is asked twice, and believed neither time. First, which qubit is reset
when: behind a SWAP that hides among gates, the circuit's text does not tell; a wrong answer cannot match. Then, where
the program differs from it: the check FAILED there, and is SKIPPED if there is no such place, because the input circuit
is too far from what is written to be matched block by block. That happens where a SWAP hides around gates under
conditions, which do not fit into a block, or among more than six qubits.

It compares what programs do, not what they happen to do: a program fails if it is right only because a bit is always 0,
because a missing phase is lost in a measurement, or because a qubit is reset before anyone looks.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from dqplan.core.circuit import Circuit
from dqplan.core.errors import Place
from dqplan.core.segments import Kind, Segments
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import JOINT_FILE, Emitted
from dqplan.verify.structure.follow import StoppedError, follow
from dqplan.verify.structure.match import MismatchError, match
from dqplan.verify.structure.spell import spell
from dqplan.verify.structure.steps import Do, Step, plain_guard

NAME = "structure"
MOST_WIRES = 6
"""Qubits of a block that is multiplied out."""


def check_structure(emitted: Emitted) -> Check:
    """Prove that the joint program does what the circuit does, or name the first operation that differs.

    Returns:
        PROVED; FAILED with file and line; or SKIPPED with the place that could not be followed.
    """
    if len(emitted.input) != emitted.circuit.num_qubits or len(emitted.clbits) != emitted.circuit.num_clbits:
        detail = f"the circuit has {emitted.circuit.num_qubits} qubits and {emitted.circuit.num_clbits} bits"
        detail += f", the programs were written for {len(emitted.input)} and {len(emitted.clbits)}"
        return Check(NAME, Status.FAILED, detail)
    with _uncollected():
        steps, wires = spell(emitted.circuit)
        try:
            return _proof(emitted, steps, wires, _resets(steps))
        except (StoppedError, MismatchError) as fault:
            return _second_look(emitted, steps, wires, fault)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles: there are none among steps and forms, but so many of both that it takes a fifth longer."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _proof(emitted: Emitted, steps: list[Step], wires: list[int], resets: list[int]) -> Check:
    followed = follow(emitted, resets)
    slack = match(steps, wires, followed.steps, followed.outputs, most=MOST_WIRES)
    detail = (
        f"{len(followed.steps):,} logical steps rebuilt from {len(emitted.joint):,} operations are the circuit, for "
        f"every input and outcome; deviations that count as rounding add up to {slack:.0e}"
    )
    return Check(NAME, Status.PROVED, detail)


def _second_look(emitted: Emitted, steps: list[Step], wires: list[int], fault: StoppedError | MismatchError) -> Check:
    """What the planner's normal form can tell: which qubit is reset when, if SWAPs hide, and what is an error."""
    from dqplan.core.normalise import segments_of

    segments = segments_of(emitted.circuit)
    normal = _normal_steps(segments)
    resets = _resets(normal)
    if resets != _resets(steps):
        try:
            return _proof(emitted, steps, wires, resets)
        except (StoppedError, MismatchError) as later:
            fault = later
    if isinstance(fault, StoppedError):
        place = emitted.place(fault.row) if fault.row < len(emitted.joint) else JOINT_FILE
        return Check(NAME, Status.FAILED if fault.wrong else Status.SKIPPED, f"{place}: {fault}")
    followed = follow(emitted, resets)
    try:
        match(normal, segments.output_wire.tolist(), followed.steps, followed.outputs, most=1)
    except MismatchError as found:
        return Check(NAME, Status.FAILED, _words(emitted.circuit, found))
    return Check(NAME, Status.SKIPPED, f"could not be matched: {_words(emitted.circuit, fault)}")


def _resets(steps: list[Step]) -> list[int]:
    """The wires that are reset for certain, in order."""
    return [step.wires[0] for step in steps if step.do is Do.RESET and step.guard is None]


def _words(circuit: Circuit, mismatch: MismatchError) -> str:
    found, expected = mismatch.found, mismatch.expected
    place = f"{Place(JOINT_FILE, found.line)}: {found.name}" if found else f"{JOINT_FILE}: the end"
    if expected is None:
        return f"{place} does not belong there{': ' * bool(str(mismatch))}{mismatch}"
    origin = f" ({circuit.name}, line {expected.line})" if expected.line else ""
    return f"{place} stands where {expected.name}{origin} is expected"


def _normal_steps(segments: Segments) -> list[Step]:
    """The planner's normal form in steps."""
    guards = [plain_guard(condition) for condition in segments.circuit.conditions]
    wire = segments.wire.tolist()
    steps = []
    for event in segments.events():
        guard = guards[event.condition] if event.condition >= 0 else None
        wires: tuple[int, ...] = (wire[event.segment],)
        match event.kind:
            case Kind.GATE:
                wires = (*wires, wire[event.other])
                steps.append(Step(Do.PHASE, wires, angle=event.angle, guard=guard, line=event.line))
            case Kind.MEASURE:
                steps.append(Step(Do.MEASURE, wires, clbit=event.clbit, guard=guard, line=event.line))
            case Kind.RESET:
                steps.append(Step(Do.RESET, wires, guard=guard, line=event.line))
            case _ if event.matrix:
                steps.append(Step(Do.TURN, wires, matrix=event.matrix, guard=guard, line=event.line))
    return steps
