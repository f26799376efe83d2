"""Profile: what a circuit needs, measured before anything is planned.

Three conventions hold throughout. A *layer* is a step of the earliest possible schedule in which every operation takes
one step. A *linear cut* separates the first `left` qubits from the others. A *packet* is the set of gates that one
share serves: all of them touch one segment, and the share brings a copy of that segment to their other ends.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Least, mean and greatest of a list of numbers; all 0 for an empty list."""

    least: int
    mean: float
    most: int


@dataclass(frozen=True)
class Operations:
    """What the circuit is made of.

    Attributes:
        total: rows of the circuit: gates, measurements and resets.
        by_kind: number of operations by OpenQASM name, in order of their codes.
        one_qubit, two_qubit, three_qubit: gates by number of operands.
        measurements, resets: in any place, conditioned or not.
        conditioned: operations that depend on measured bits.
        t_count: T gates after every gate is written as Clifford gates and Pauli rotations (`rotation_angles` has the
            table, for instance ccx = 7); rotations by odd multiples of π/4 count as one T each.
        rotations: Pauli rotations of the same form by any other angle that is no multiple of π/4; each would have to
            be approximated by many T gates, which are not counted.
        clifford_share: share of the gates that are Clifford, in [0, 1]; None without gates.
    """

    total: int
    by_kind: dict[str, int]
    one_qubit: int
    two_qubit: int
    three_qubit: int
    measurements: int
    resets: int
    conditioned: int
    t_count: int
    rotations: int
    clifford_share: float | None


@dataclass(frozen=True)
class Layers:
    """The earliest possible schedule, counted in layers.

    Attributes:
        depth: number of layers; every operation takes one.
        two_qubit_depth: gates with two or three operands on the longest chain of dependent operations.
        parallelism: operations per layer.
        active: per qubit, layers in which something acts on it.
        idle_inside: per qubit, idle layers between its first and its last operation.
        idle_total: per qubit, idle layers of the whole schedule.
        busiest, idlest: the qubits with the most and the fewest active layers (the first of several); None without
            qubits.
    """

    depth: int
    two_qubit_depth: int
    parallelism: Spread
    active: tuple[int, ...]
    idle_inside: tuple[int, ...]
    idle_total: tuple[int, ...]
    busiest: int | None
    idlest: int | None


@dataclass(frozen=True)
class NormalForm:
    """Segments and the gates between them: what the planner sees instead of the circuit.

    Attributes:
        gates_before: CP gates after rewriting and before merging (swap 0, cx 1, ccx 5, …).
        cancelled: how many of those merged into nothing.
        gates: CP gates that are left; every one joins two segments.
        compression: gates_before / gates; None if no gate is left.
        segments: stretches of a wire in which all gates are diagonal; at least one per qubit.
        segments_with_gates: segments that take part in a gate: the greatest packets.
        gates_per_segment: over the segments with gates.
        gate_segments_per_qubit: segments with gates per qubit that the circuit began with.
    """

    gates_before: int
    cancelled: int
    gates: int
    compression: float | None
    segments: int
    segments_with_gates: int
    gates_per_segment: Spread
    gate_segments_per_qubit: Spread


@dataclass(frozen=True)
class Cut:
    """What crosses one linear cut.

    Attributes:
        left: qubits 0 … left - 1 are on one side.
        gates: CP gates across it before merging, without those that cancelled.
        segment_pairs: pairs of segments that gates across it join.
        packets: fewest packets that carry all gates across it; a static placement that follows the cut, on two
            modules, needs exactly so many e-bits.
    """

    left: int
    gates: int
    segment_pairs: int
    packets: int


@dataclass(frozen=True)
class LinearCuts:
    """Cuts between neighbours in the order of declaration, of the qubits at the start.

    Attributes:
        gates, segment_pairs: per cut, from left = 1 on, as in `Cut`.
        middle: the cut with left = ⌊n/2⌋.
        lightest_balanced: the cut with the fewest segment pairs of those that leave at least a third of the qubits on
            either side (the one nearest to the middle of several).
    """

    gates: tuple[int, ...]
    segment_pairs: tuple[int, ...]
    gates_spread: Spread
    segment_pairs_spread: Spread
    middle: Cut | None
    lightest_balanced: Cut | None


@dataclass(frozen=True)
class Communities:
    """Groups of qubits that interact more within than across (Louvain, modularity in [-1/2, 1])."""

    sizes: tuple[int, ...]
    modularity: float


@dataclass(frozen=True)
class Interaction:
    """The interaction graph: qubits, joined where gates act.

    Edges are weighted by CP gates before merging, without those that cancelled. A qubit stands for the state that
    begins there: SWAP gates change names, not partners.

    Attributes:
        edges: pairs of qubits that interact.
        density: edges / (n (n - 1) / 2); None for fewer than two qubits.
        degree: partners per qubit.
        components: sizes of the connected components, largest first; idle qubits are components of one.
        communities: None if skipped.
        bridges: edges without which the graph has one more component; None if skipped.
        articulation_points: qubits without which it has; None if skipped.
        min_cut: least total weight of edges that separates the graph, 0 if it is not connected; None if skipped.
        cuts: what crosses the linear cuts.
        skipped: why a value is missing, by its name.
    """

    edges: int
    density: float | None
    degree: Spread
    components: tuple[int, ...]
    communities: Communities | None
    bridges: int | None
    articulation_points: int | None
    min_cut: int | None
    cuts: LinearCuts
    skipped: dict[str, str]


@dataclass(frozen=True)
class CutEntropy:
    """Entanglement across one linear cut of the output qubits.

    Attributes:
        left: qubits 0 … left - 1 are on one side.
        bits: entropy of either side, in bits (e-bits).
        exact: True for the value itself, False for an upper bound.
        basis: how it was found: `exact (…)` or `upper bound (…)`.
    """

    left: int
    bits: float
    exact: bool
    basis: str


@dataclass(frozen=True)
class Entanglement:
    """Entanglement that the circuit makes from |0…0>, across linear cuts.

    Attributes:
        state: which state the values speak about.
        cuts: by `left`; `covers` says whether these are all.
        covers: in words, whether `cuts` are all that there are.
        middle: the cut with left = ⌊n/2⌋; None for fewer than two qubits.
        maximum: the greatest value among `cuts` (the one nearest to the middle of several).
        skipped: why values are bounds, by the exact method that did not apply.
    """

    state: str
    cuts: tuple[CutEntropy, ...]
    covers: str
    middle: CutEntropy | None
    maximum: CutEntropy | None
    skipped: dict[str, str]


@dataclass(frozen=True)
class Demand:
    """E-bits that a planner needed for an all-to-all network of equal modules.

    Attributes:
        num_modules, module_size: the network: its modules and their data qubits.
        modules_used: modules that hold a qubit.
        ebits: e-bits of the plan found.
        one_ebit_per_remote_gate: e-bits if every remote gate of the circuit paid for itself.
        bound: proved lower bound on the e-bits.
        bound_covers: the class of plans that the bound speaks about.
        effort: how hard the planner searched.
    """

    num_modules: int
    module_size: int
    modules_used: int
    ebits: int
    one_ebit_per_remote_gate: int
    bound: int
    bound_covers: str
    effort: str


@dataclass(frozen=True)
class Profile:
    """All that `profile` says about one circuit.

    Attributes:
        name: the circuit's name.
        digest: SHA-256 of what the circuit does.
        num_qubits, num_clbits: as declared.
        qubit_names: `register[index]` per qubit.
        demand: by number of modules; filled by the caller, because planning is another stage.
    """

    name: str
    digest: str
    num_qubits: int
    num_clbits: int
    qubit_names: tuple[str, ...]
    operations: Operations
    layers: Layers
    normal_form: NormalForm
    interaction: Interaction
    entanglement: Entanglement
    demand: tuple[Demand, ...] = ()
