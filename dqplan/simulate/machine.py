"""The machine: an emitted program with the durations and the noise of its hardware.

The noise is that of the estimate (`model.errors`), drawn instead of multiplied. Every operation is followed, with the
probability that its process fidelity leaves, by one of the other Paulis on its operands, all alike; e-bits that are not
Werner states have their own weights. Readout writes the wrong value; a bad reset leaves |1>. As in the estimate, an
operation under a condition is as likely to fail when the condition does not hold. A qubit that holds something and
waits is damped (T1) and dephased (T2) for as long as it waits in this run, e-bits arriving at random (`model.clock`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.errors import Place, PlanError
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware, Link
from dqplan.core.outlook import Floats
from dqplan.core.program import QubitKind
from dqplan.load.emitted import Emitted
from dqplan.load.schedule_document import SCHEDULE_FILE, schedule_document_of_text
from dqplan.model.clock import Clock, Messages, messages_of
from dqplan.model.durations import Durations, durations_of, ebit_links, local_operations
from dqplan.model.ebits import purified_links
from dqplan.model.errors import Lifetimes, ebit_fidelity, lifetimes_of, local_fidelity
from dqplan.model.ledger import Ledger
from dqplan.model.purification import Purified


@dataclass(frozen=True, eq=False)
class Machine:
    """What happens, in which order, for how long, and what may go wrong.

    Attributes:
        circuit: the joint program, with each e-bit as one operation.
        order: the rows in the order in which they happen.
        durations: None if one that is needed is unknown; then nothing waits.
        messages: what operations wait for.
        lifetimes: how fast qubits forget.
        error: float64 (n,), the probability that a row goes wrong.
        pair_errors: float64 (n, 4), for e-bits the probabilities of I, X, Z and Y on their first half.
        perfect: numbers that are unknown and count as perfect, in words.
        assumed: what was taken for others.
    """

    circuit: Circuit
    order: tuple[int, ...]
    durations: Durations | None
    messages: Messages
    lifetimes: Lifetimes
    error: Floats
    pair_errors: Floats
    perfect: tuple[str, ...]
    assumed: tuple[str, ...]

    def clock(self, runs: int, rng: np.random.Generator) -> Clock | None:
        """A clock for some runs, if anything takes time."""
        if self.durations is None:
            return None
        return Clock(self.circuit, self.durations, self.messages, runs, rng)


@dataclass(frozen=True, eq=False)
class _Joint:
    """The joint program where it is placed."""

    circuit: Circuit
    hardware: Hardware
    module_of: NDArray[np.int32]
    kind_of: tuple[QubitKind, ...]
    purification: Mapping[str, int]

    @cached_property
    def module_of_row(self) -> NDArray[np.int32]:
        found: NDArray[np.int32] = self.module_of[self.circuit.qubits[:, 0]]
        return found


def machine_of(emitted: Emitted, files: Mapping[str, str]) -> Machine:
    """The machine that runs an emitted program.

    Args:
        emitted: what was read back.
        files: schedule.json among them, if there is one.

    Raises:
        PlanError: schedule.json is damaged or does not fit the program, or modules share a gate that is no e-bit, or an
            e-bit and no link.
    """
    joint = _Joint(
        _with_ebits(emitted),
        emitted.hardware,
        np.array(emitted.module_of, dtype=np.int32),
        emitted.kind_of,
        emitted.document.purification,
    )
    _check_links(joint)
    ledger = Ledger(emitted.hardware)
    purified = purified_links(joint, ledger)
    durations = durations_of(joint, ledger, purified)
    error, pair_errors = _errors(joint, ledger, purified)
    messages = messages_of(joint, emitted.hardware.latency_s)
    order = _order(files, len(joint.circuit))
    check_order(order, messages)
    return Machine(
        circuit=joint.circuit,
        order=order,
        durations=durations,
        messages=messages,
        lifetimes=lifetimes_of(joint, ledger),
        error=error,
        pair_errors=pair_errors,
        perfect=ledger.missing,
        assumed=ledger.assumed,
    )


def _with_ebits(emitted: Emitted) -> Circuit:
    """The joint program with each e-bit as one operation, where its text has an H and a CX."""
    joint = emitted.joint
    modules = np.array(emitted.module_of)[joint.qubits]
    across = ((joint.qubits[:, 1:] >= 0) & (modules[:, 1:] != modules[:, :1])).any(axis=1)
    made = np.flatnonzero(across & (joint.op != Op.EPR))
    begun = (joint.op[made - 1] == Op.H) & (joint.qubits[made - 1, 0] == joint.qubits[made, 0]) & (made > 0)
    for row in made[~begun | (joint.op[made] != Op.CX) | (joint.condition[made] >= 0)].tolist():
        message = f"{emitted.place(row)}: a gate between two modules that makes no e-bit"
        raise PlanError(message, hint="dqplan verify says what else is wrong")
    op, kept = joint.op.copy(), np.ones(len(joint), dtype=np.bool_)
    op[made], kept[made - 1] = Op.EPR, False
    columns = {name: getattr(joint, name)[kept] for name in ("qubits", "params", "clbit", "condition", "line")}
    return replace(joint, op=op[kept], **columns)


def _check_links(joint: _Joint) -> None:
    """Raises PlanError if modules make an e-bit that no link joins."""
    ends = joint.module_of[joint.circuit.qubits[joint.circuit.op == Op.EPR, :2]]
    for a, b in np.unique(np.sort(ends, axis=1), axis=0).tolist():
        if (a, b) not in joint.hardware.quantum_links:
            names = f"{joint.hardware.modules[a].name} and {joint.hardware.modules[b].name}"
            raise PlanError(
                f"{names} make e-bits, and no link joins them", hint="dqplan verify says what else is wrong"
            )


def _errors(joint: _Joint, ledger: Ledger, purified: Mapping[str, Purified | None]) -> tuple[Floats, Floats]:
    """`Machine.error` and `Machine.pair_errors`."""
    error, pair_errors = np.zeros(len(joint.circuit)), np.zeros((len(joint.circuit), 4))
    rows, place, kinds = local_operations(joint)
    found = [local_fidelity(module, kind, ledger) for module, kind in kinds]
    error[rows] = np.array([0.0 if fidelity is None else 1 - fidelity for fidelity in found])[place]
    link, links = ebit_links(joint)
    weights = np.array([_pair_errors(joint.hardware, each, ledger, purified) for each in links]).reshape(-1, 4)
    pair_errors[link >= 0] = weights[link[link >= 0]]
    return error, pair_errors


def _pair_errors(
    hardware: Hardware, link: Link, ledger: Ledger, purified: Mapping[str, Purified | None]
) -> list[float]:
    """The probabilities of I, X, Z and Y; what is wrong is shared out as in the link's e-bits, or equally."""
    fidelity = ebit_fidelity(hardware, link, ledger, purified)
    wrong = 0.0 if fidelity is None else 1 - fidelity
    made = purified.get(hardware.link_name(link.a, link.b))
    weights = made.weights.tolist() if made else link.bell_diagonal
    x, y, z = weights[1:] if weights else (1.0, 1.0, 1.0)
    total = x + y + z
    return [1 - wrong, *(wrong * part / total if total else wrong / 3 for part in (x, z, y))]


def _order(files: Mapping[str, str], count: int) -> tuple[int, ...]:
    """The rows by start in schedule.json, or as they stand in the program if it was not scheduled."""
    if SCHEDULE_FILE not in files:
        return tuple(range(count))
    document = schedule_document_of_text(files[SCHEDULE_FILE])
    slots = [slot for slots in document.modules.values() for slot in slots]
    slots += [slot for link in document.links.values() for slot in link.requests]
    slots.sort(key=lambda slot: (slot.start_s, slot.end_s, slot.row))
    if sorted(slot.row for slot in slots) != list(range(count)):
        message = f"its operations are not the {count:,} of joint.qasm"
        raise PlanError(message, place=Place(SCHEDULE_FILE), hint="write the directory again with `dqplan split`")
    return tuple(slot.row for slot in slots)


def check_order(order: tuple[int, ...], messages: Messages) -> None:
    """Raises PlanError unless every operation follows those that it waits for; what else is wrong, `verify` finds."""
    place = {row: number for number, row in enumerate(order)}
    for row, sources in messages.items():
        for source, _ in sources:
            if place[source] > place[row]:
                message = f"operation {row} waits for a message from operation {source}, which comes later"
                raise PlanError(message, place=Place(SCHEDULE_FILE), hint="dqplan verify says what else is wrong")
