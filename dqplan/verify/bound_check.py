"""Check the certificate of plan.json's lower bound in whole numbers; the proof is in `core.certificate`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING

from dqplan.core.chains import chains_of, interlocked_chains_of
from dqplan.core.errors import PlanError
from dqplan.core.hardware import Hardware
from dqplan.core.normalise import segments_of
from dqplan.core.segments import Segments
from dqplan.core.slices import slice_ends
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import Emitted

if TYPE_CHECKING:
    from dqplan.load.plan_document import CertificatePart, InequalityPart, ProofPart

NAME = "bound"

Block = tuple[int, int, int]


def check_bound(emitted: Emitted) -> Check:
    """Whether the certificate proves the bound for the circuit and the hardware at hand."""
    bound = emitted.document.bound
    if bound.ebits == 0:
        return Check(NAME, Status.PROVED, "no plan needs fewer than 0 e-bits")
    if bound.certificate is None:
        detail = f"the bound of {bound.ebits} e-bits, proved by {bound.proved_by}, has no certificate"
        return Check(NAME, Status.SKIPPED, detail)
    try:
        proved = proved_ebits(bound.certificate, segments_of(emitted.circuit), emitted.hardware)
    except PlanError as flaw:
        return Check(NAME, Status.FAILED, f"the certificate of the bound proves nothing: {flaw.message}")
    if proved != bound.ebits:
        detail = f"the certificate proves {proved} e-bits, plan.json's bound is {bound.ebits}"
        return Check(NAME, Status.FAILED, detail)
    return Check(NAME, Status.PROVED, f"no plan of the class needs fewer than {proved} e-bits")


def proved_ebits(certificate: CertificatePart, segments: Segments, hardware: Hardware) -> int:
    """How many e-bits a certificate proves.

    Raises:
        PlanError: a step of the proof is wrong.
    """
    _check_cuts(certificate, hardware)
    circuit = _Circuit(segments)
    return sum(_part_ebits(part, circuit, hardware) for part in certificate.parts)


def _check_cuts(certificate: CertificatePart, hardware: Hardware) -> None:
    """One part for all e-bits, or parts for cuts that have no link in common."""
    if any(not part.cuts for part in certificate.parts) and len(certificate.parts) > 1:
        raise PlanError("a part about all e-bits stands beside others")
    crossed: set[tuple[int, int]] = set()
    for part in certificate.parts:
        for cut in part.cuts:
            side = _side(cut, hardware)
            links = {link for link in hardware.quantum_links if (link[0] in side) != (link[1] in side)}
            if crossed & links:
                raise PlanError(f"the cut of {', '.join(cut)} shares a link with another")
            crossed |= links


def _side(cut: Sequence[str], hardware: Hardware) -> set[int]:
    index = {module.name: place for place, module in enumerate(hardware.modules)}
    unknown = [name for name in cut if name not in index]
    if unknown:
        raise PlanError(f"no module is called {unknown[0]}")
    return {index[name] for name in cut}


def _part_ebits(part: ProofPart, circuit: _Circuit, hardware: Hardware) -> int:
    """The sum of the inequalities, if it leaves no chain a coefficient above 1."""
    rooms = [_larger_side(_side(cut, hardware), hardware) for cut in part.cuts]
    capacity = max(rooms, default=max(hardware.data_capacity.tolist()))
    chains = circuit.interlocked if part.cuts else circuit.chains
    load: Counter[int] = Counter()
    value = 0
    for row in part.inequalities:
        coefficients, bound = _inequality(row, circuit, chains, capacity)
        value += row.multiplier * bound
        for chain, coefficient in coefficients.items():
            load[chain] += row.multiplier * coefficient
    if max(load.values(), default=0) > part.unit:
        raise PlanError(f"the inequalities add up to {max(load.values())}/{part.unit} of the e-bits of one chain")
    return ceil(Fraction(value, part.unit)) * max(1, len(part.cuts))


def _larger_side(side: set[int], hardware: Hardware) -> int:
    here = sum(hardware.data_capacity[sorted(side)].tolist())
    return int(max(here, sum(hardware.data_capacity.tolist()) - here))


def _inequality(row: InequalityPart, circuit: _Circuit, chains: list[int], capacity: int) -> tuple[dict[int, int], int]:
    """The coefficient of each chain and the right-hand side, times the connectivity."""
    blocks = [circuit.checked(block) for block in row.blocks]
    core = sum(parent < 0 for _, _, parent in blocks)
    _check_shape(blocks, core, circuit)
    if not 1 <= row.connectivity <= _connectivity(blocks[:core], circuit):
        raise PlanError(f"a core of {core} blocks is not {row.connectivity}-connected")
    sizes = _sizes(blocks, circuit.at(row.moment), circuit)
    surplus = sum(size for size, (_, _, parent) in zip(sizes, blocks, strict=True) if parent < 0) - capacity
    if surplus <= 0:
        raise PlanError("as few qubits as in one of its inequalities fit into one module")
    coefficients: Counter[int] = Counter()
    for (first, last, parent), size in zip(blocks, sizes, strict=True):
        value = row.connectivity * size if parent >= 0 else max(row.connectivity * size, surplus)
        for chain in set(chains[first : last + 1]):
            coefficients[chain] += value
    bound = row.connectivity * surplus
    return {chain: min(value, bound) for chain, value in coefficients.items()}, bound


def _check_shape(blocks: Sequence[Block], core: int, circuit: _Circuit) -> None:
    """The core stands first; each other block is joined to its parent, which stands before it."""
    for place, block in enumerate(blocks):
        parent = block[2]
        if (place < core) != (parent < 0) or parent >= place:
            raise PlanError("blocks are not in order")
        if parent >= 0 and not circuit.joined(blocks[parent], block):
            raise PlanError(f"segments {block[0]} to {block[1]} do not hang on their parent")


def _connectivity(core: Sequence[Block], circuit: _Circuit) -> int:
    """How many blocks must be deleted before the core falls apart or vanishes, at least.

    Grown block by block: a new one with d neighbours among the earlier ones makes it no less than the smaller of d and
    the value before; common neighbours of blocks that are not joined, counted afresh, may prove more.
    """
    neighbours: list[int] = []  # as bit sets
    known = 0
    for place, block in enumerate(core):
        earlier = [other for other in range(place) if circuit.joined(core[other], block)]
        neighbours.append(sum(1 << other for other in earlier))
        for other in earlier:
            neighbours[other] |= 1 << place
        apart = [pair for pair in combinations(range(place + 1), 2) if not neighbours[pair[0]] >> pair[1] & 1]
        common = min(((neighbours[a] & neighbours[b]).bit_count() for a, b in apart), default=place + 1)
        known = max(common, min(len(earlier), known))
    return known


def _sizes(blocks: Sequence[Block], current: Sequence[int], circuit: _Circuit) -> list[int]:
    """How many wires have their current segment in each block or in what grows from it; each wire counts once."""
    sizes = [0] * len(blocks)
    counted: set[int] = set()
    for place, (first, last, _) in enumerate(blocks):
        wire = circuit.wire[first]
        if first <= current[wire] <= last and wire not in counted:
            counted.add(wire)
            sizes[place] = 1
    for place in range(len(blocks) - 1, -1, -1):
        if blocks[place][2] >= 0:
            sizes[blocks[place][2]] += sizes[place]
    return sizes


class _Circuit:
    """What the proof needs to know about the circuit."""

    def __init__(self, segments: Segments) -> None:
        self.segments = segments
        self.wire = segments.wire.tolist()
        self.resets = [0, *segments.fresh.cumsum().tolist()]
        self.ends = slice_ends(segments).tolist()

    @cached_property
    def chains(self) -> list[int]:
        """For bounds on all e-bits."""
        return list(chains_of(self.segments).tolist())

    @cached_property
    def interlocked(self) -> list[int]:
        """For bounds on the e-bits over a cut."""
        return list(interlocked_chains_of(self.segments).tolist())

    @cached_property
    def partners(self) -> list[list[int]]:
        """The segments that each segment has gates with."""
        found: list[list[int]] = [[] for _ in self.wire]
        for a, b in self.segments.gate_pairs.tolist():
            found[a].append(b)
            found[b].append(a)
        return found

    def at(self, moment: int) -> list[int]:
        """The current segments at the end of a slice."""
        if moment >= len(self.ends):
            raise PlanError(f"there are {len(self.ends)} ends of slices, number {moment} is none")
        return list(self.ends[moment])

    def checked(self, block: Sequence[int]) -> Block:
        """A block, if it is a run of segments of one wire without a reset."""
        first, last, parent = block
        whole = 0 <= first <= last < len(self.wire) and self.wire[first] == self.wire[last]
        if not whole or self.resets[last + 1] != self.resets[first + 1]:
            raise PlanError(f"segments {first} to {last} are not a run of one wire")
        return first, last, parent

    def joined(self, one: Block, other: Block) -> bool:
        """Whether two blocks have a gate, overlap, or one goes on where the other ends."""
        if self.wire[one[0]] == self.wire[other[0]]:
            early, late = sorted((one, other))
            return late[0] <= early[1] or (late[0] == early[1] + 1 and self.resets[late[0]] == self.resets[late[0] + 1])
        inside = range(other[0], other[1] + 1)
        return any(partner in inside for s in range(one[0], one[1] + 1) for partner in self.partners[s])
