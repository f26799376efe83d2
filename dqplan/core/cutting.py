"""Cuts: a gate or a wire between islands, as a sum of local operations with signs, and what that costs in samples.

Islands are sets of modules that e-bits join; between them there is a classical link or none. A cut replaces a channel
by a sum of products of local operations with real coefficients c_t. Each product is run by itself, without messages
between the islands; results are added with the coefficients. That takes (sum of |c_t|)² times as many samples, the
*overhead* (Piveteau & Sutter, arXiv:2205.00016).

Gate: exp(-iφ/2 Z⊗Z), what is left of CP(-2φ) beside turns of each qubit, in six terms (Mitarai & Fujii,
arXiv:1909.07534); the overhead (1 + 2|sin φ|)², 9 for CZ, is the least there is for one such gate, also with
messages (Schmitt, Piveteau & Sutter, arXiv:2312.11638). Wire: measured in a Pauli basis and prepared
anew, in eight terms (Peng et al., arXiv:1904.00102); the overhead 16 is the least without messages
(Brenner, Piveteau & Sutter, arXiv:2302.03366); with messages, which are not used here, it would be 9.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.hardware import Hardware
from dqplan.core.segments import Segments


class CutKind(StrEnum):
    """What is cut."""

    GATE = "gate"
    WIRE = "wire"


@dataclass(frozen=True)
class LocalOperation:
    """What is done at one end of a cut: gates, then perhaps a measurement in the Z basis; the qubit lives on."""

    gates: tuple[Op, ...] = ()
    measured: bool = False


@dataclass(frozen=True)
class CutTerm:
    """One product of a cut's sum.

    Attributes:
        coefficient: real, may be negative.
        operations: names in `OPERATIONS`, at the first and at the second end.
        signed: for each end, whether an outcome of 1 turns the sign of the result.
    """

    coefficient: float
    operations: tuple[str, str]
    signed: tuple[bool, bool] = (False, False)


OPERATIONS: dict[str, LocalOperation] = {
    "i": LocalOperation(),
    "z": LocalOperation((Op.Z,)),
    "s": LocalOperation((Op.S,)),
    "sdg": LocalOperation((Op.SDG,)),
    "m": LocalOperation((), measured=True),
    # At the source of a wire, behind an H: the basis in which the qubit is measured.
    "mx": LocalOperation((), measured=True),
    "my": LocalOperation((Op.H, Op.SDG, Op.H), measured=True),
    "mz": LocalOperation((Op.H,), measured=True),
    # At its target, behind a reset: the state that is prepared.
    "p0": LocalOperation(),
    "p1": LocalOperation((Op.X,)),
    "p+": LocalOperation((Op.H,)),
    "p-": LocalOperation((Op.X, Op.H)),
    "p+i": LocalOperation((Op.H, Op.S)),
    "p-i": LocalOperation((Op.H, Op.SDG)),
}
"""All that is ever done at an end. In the circuit of an island every end is a measurement; this takes its place."""


def gate_terms(angle: float) -> tuple[CutTerm, ...]:
    """exp(-i angle/2 Z⊗Z) as a sum of six products.

    With a = -angle/2 it is cos a + i sin a Z⊗Z. Squares stay products; of the mixed terms, -i(ρ·ZZ - ZZ·ρ) is split
    into (difference of the projections on one qubit) ⊗ (difference of a turn and its inverse on the other).
    """
    a = -angle / 2
    mixed = math.sin(a) * math.cos(a)
    turns = ((1, "sdg"), (-1, "s"))  # 1 + iZ is a multiple of SDG
    return (
        CutTerm(math.cos(a) ** 2, ("i", "i")),
        CutTerm(math.sin(a) ** 2, ("z", "z")),
        *(CutTerm(sign * mixed, ("m", turn), (True, False)) for sign, turn in turns),
        *(CutTerm(sign * mixed, (turn, "m"), (False, True)) for sign, turn in turns),
    )


def wire_terms() -> tuple[CutTerm, ...]:
    """The identity channel from one qubit to another, as a sum of eight products: ρ = ½ Σ_P tr(Pρ) P."""
    return (
        CutTerm(0.5, ("mz", "p0")),
        CutTerm(0.5, ("mz", "p1")),
        *(
            CutTerm(sign / 2, (basis, state), (True, False))
            for basis, states in (("mz", ("p0", "p1")), ("mx", ("p+", "p-")), ("my", ("p+i", "p-i")))
            for sign, state in zip((1, -1), states, strict=True)
        ),
    )


def gamma_of(terms: Sequence[CutTerm]) -> float:
    """The sum of the coefficients' sizes; the overhead is its square."""
    return math.fsum(abs(term.coefficient) for term in terms)


def gate_overhead(angle: float) -> float:
    """(1 + 2|sin angle|)² for exp(-i angle/2 Z⊗Z), between 1 and 9."""
    return (1 + 2 * abs(math.sin(angle))) ** 2


WIRE_OVERHEAD = 16.0


@dataclass(frozen=True)
class CutEnd:
    """One end of a cut: an island, and which of the island's ends it is; its bit in the island's register `cut`."""

    island: int
    number: int


@dataclass(frozen=True)
class Cut:
    """One cut.

    Attributes:
        kind: what is cut.
        ends: for a wire, its source first.
        line: of the circuit: of the (first) gate, or of the operation behind the cut of a wire; 0 if unknown.
        qubits: names of the circuit's qubits: of the two of a gate, or of the wire's.
        angle: for a gate, exp(-i angle/2 Z⊗Z); 0 for a wire.
    """

    kind: CutKind
    ends: tuple[CutEnd, CutEnd]
    line: int
    qubits: tuple[str, ...]
    angle: float = 0.0

    @cached_property
    def terms(self) -> tuple[CutTerm, ...]:
        """Its sum."""
        return gate_terms(self.angle) if self.kind is CutKind.GATE else wire_terms()

    @property
    def overhead(self) -> float:
        """How many times as many samples it takes."""
        return gate_overhead(self.angle) if self.kind is CutKind.GATE else WIRE_OVERHEAD


@dataclass(frozen=True, eq=False)
class Island:
    """What one island runs.

    Attributes:
        name: such as `island0`.
        hardware: its part of the network.
        circuit: with a measurement at every end, into a register `cut`, which is the last one.
        clbits: the bits of the whole circuit that its other registers stand for, in their order.
        num_ends: how many ends there are.
    """

    name: str
    hardware: Hardware
    circuit: Circuit
    clbits: tuple[int, ...]
    num_ends: int


@dataclass(frozen=True, eq=False)
class CutCircuit:
    """A circuit in parts.

    Attributes:
        segments: of the whole circuit.
        hardware: the whole network.
        island_of: int (s,): the island of each segment.
        islands: those that are used.
        cuts: in the order of time.
        max_overhead: what was allowed.
        optimal: whether no other way to cut in the class needs less, up to rounding of logarithms to 1e-7.
        least_overhead: proved for the class.
        proved_by: how that is known, and for which class.
        outputs: the island, and the qubit of its circuit, that holds each qubit of the circuit at the end.
        inputs: the same at the start.
        order: numbers of islands, one for each row of their circuits, as the rows follow each other.
    """

    segments: Segments
    hardware: Hardware
    island_of: NDArray[np.int64]
    islands: tuple[Island, ...]
    cuts: tuple[Cut, ...]
    max_overhead: float
    optimal: bool
    least_overhead: float
    proved_by: str
    inputs: tuple[tuple[int, int], ...]
    outputs: tuple[tuple[int, int], ...]
    order: tuple[int, ...]

    @property
    def overhead(self) -> float:
        """The product over all cuts."""
        return math.prod(cut.overhead for cut in self.cuts)


def shots_needed(overhead: float, num_islands: int, error: float) -> float:
    """Shots of each island for a standard error of a product of ±1 values, to first order, at most.

    If the subexperiments of an island share N shots by the weight p_j of their terms (`shares_of`), one of them adds at
    most (γ p_j)² / (N p_j) to the variance, all together γ² / N, and so does every island: N = islands · γ² / error².
    """
    return num_islands * overhead / error**2


@dataclass(frozen=True)
class Subexperiment:
    """What one island runs for some of the terms.

    Attributes:
        name: such as `island0/007`.
        operations: names in `OPERATIONS`, for each of the island's ends.
        share: of the island's shots, in (0, 1].
    """

    name: str
    operations: tuple[str, ...]
    share: float


def subexperiments_of(cuts: Sequence[Cut], island: int, name: str, num_ends: int) -> tuple[Subexperiment, ...]:
    """What an island has to run: all that terms of the cuts ask of its ends together.

    Args:
        cuts: all of them.
        island: its number.
        name: its name.
        num_ends: how many of their ends are there.
    """
    choices = [_choices(cut, island) for cut in cuts if any(end.island == island for end in cut.ends)]
    found = []
    for number, choice in enumerate(product(*choices)):
        operations = [""] * num_ends
        for at_ends, _ in choice:
            for end, operation in at_ends:
                operations[end] = operation
        share = min(1.0, math.prod(weight for _, weight in choice))
        width = len(str(math.prod(map(len, choices)) - 1))
        found.append(Subexperiment(f"{name}/{number:0{width}d}", tuple(operations), share))
    return tuple(found)


def num_subexperiments(cuts: Sequence[Cut], num_islands: int) -> int:
    """How many there are in all islands, without listing them."""
    return sum(
        math.prod(len(_choices(cut, island)) for cut in cuts if any(end.island == island for end in cut.ends))
        for island in range(num_islands)
    )


def _choices(cut: Cut, island: int) -> list[tuple[tuple[tuple[int, str], ...], float]]:
    """What the terms of a cut ask of its ends in an island, each with its share of the coefficients."""
    weights: dict[tuple[tuple[int, str], ...], float] = {}
    for term in cut.terms:
        asked = tuple(
            (end.number, operation)
            for end, operation in zip(cut.ends, term.operations, strict=True)
            if end.island == island
        )
        weights[asked] = weights.get(asked, 0.0) + abs(term.coefficient) / gamma_of(cut.terms)
    return list(weights.items())


def spelled_out(
    circuit: Circuit, first_end: int, operations: Sequence[LocalOperation]
) -> tuple[Circuit, NDArray[np.int64]]:
    """A circuit or program with operations in the place of the measurements that stand for ends.

    Args:
        circuit: it measures end k into the bit `first_end` + k.
        first_end: the bit of the first end.
        operations: for each end.

    Returns:
        The circuit, and the new number of each of its old rows, and of the end.
    """
    is_end = (circuit.op == Op.MEASURE) & (circuit.clbit >= first_end) & (circuit.clbit < first_end + len(operations))
    end_of = np.where(is_end, circuit.clbit - first_end, -1)
    length = np.array([len(operation.gates) + operation.measured for operation in operations] + [1])[end_of]
    starts = np.concatenate([[0], np.cumsum(length)])
    source = np.repeat(np.arange(len(circuit)), length)
    columns = {name: getattr(circuit, name)[source] for name in ("op", "clbit", "condition", "line")}
    for row in np.flatnonzero(is_end).tolist():
        for place, gate in enumerate(operations[end_of[row]].gates, start=int(starts[row])):
            columns["op"][place], columns["clbit"][place] = gate, -1
    return replace(circuit, qubits=circuit.qubits[source], params=circuit.params[source], **columns), starts
