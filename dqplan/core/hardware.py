"""Hardware: modules, the links between them, and where each number comes from."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray


class Basis(StrEnum):
    """How much a number is worth."""

    MEASURED = "measured"
    ROADMAP = "roadmap"
    ASSUMED = "assumed"


class Role(StrEnum):
    """What a module is for.

    Only a processor runs the circuit's gates; idle qubits may stay in a memory module, and copies in a communication
    module, where routes part; a repeater only swaps e-bits.
    """

    PROCESSOR = "processor"
    MEMORY = "memory"
    COMMUNICATION = "communication"
    REPEATER = "repeater"


class LinkKind(StrEnum):
    """What a link delivers: heralded Bell pairs, a two-qubit gate between fixed end qubits, or classical bits only."""

    EBIT = "ebit"
    DIRECT_GATE = "direct_gate"
    CLASSICAL = "classical"


@dataclass(frozen=True)
class Provenance:
    """Where one number comes from: basis, key of the source, standard uncertainty in the number's own unit.

    `date` is when it was measured, as ISO 8601 writes it; empty if that was not said.
    """

    basis: Basis = Basis.ASSUMED
    source: str = ""
    uncertainty: float | None = None
    unverified: bool = False
    note: str = ""
    date: str = ""


@dataclass(frozen=True)
class Source:
    """A publication, data set or statement that numbers refer to by `key`.

    `seen` says how much of it was read; `kind` is primary, secondary, computed, recalled or own.
    """

    key: str
    title: str
    reference: str = ""
    seen: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Fact:
    """A number kept for its own sake, in `unit` (empty for fractions and counts)."""

    value: float
    unit: str = ""


@dataclass(frozen=True)
class Operating:
    """How well and how fast a module or link does one kind of operation: average gate fidelity in [0, 1], seconds."""

    gate: str | None = None
    fidelity: float | None = None
    duration_s: float | None = None


@dataclass(frozen=True)
class Module:
    """One quantum processor, memory or repeater.

    Attributes:
        name: unique; lower-case letters, digits and underscores, so that it can name a register.
        data_qubits: places where circuit qubits can be at home and take part in gates.
        comm_qubits: places that can hold one half of an e-bit or a share; None means unlimited.
        memory_qubits: places where qubits can rest without taking part in gates.
        native_gates: OpenQASM names, or None if any gate may be asked for.
        coupling: pairs of local qubits that two-qubit gates can act on, or None for all-to-all;
            data qubits are numbered first, then comm qubits.
        coupling_known: False if the pairs are limited but nobody has said to which; `coupling` is then None.
        t1_s, t2_s: relaxation and dephasing time of data and comm qubits, seconds.
        comm_t2_s: dephasing time of comm qubits where it differs from t2_s, seconds.
        comm_reset: of comm qubits, where it differs from `reset`.
        swap_in: the SWAP of a comm and a data qubit, with which an arriving qubit leaves its comm qubit or one that
            stays away sets out; where it is not given, it is three two-qubit gates.
        memory_lifetime_s: dephasing time of memory qubits, seconds.
        entry: path of its entry in the hardware file, such as `modules.0`; modules made by one `count` share it,
            and `Hardware.provenance` holds its numbers as `<entry>.<field>`.
    """

    name: str
    data_qubits: int
    comm_qubits: int | None = None
    memory_qubits: int = 0
    role: Role = Role.PROCESSOR
    technology: str = ""
    native_gates: tuple[str, ...] | None = None
    coupling: tuple[tuple[int, int], ...] | None = None
    coupling_known: bool = True
    one_qubit: Operating = Operating()
    two_qubit: Operating = Operating()
    readout: Operating = Operating()
    reset: Operating = Operating()
    comm_reset: Operating = Operating()
    swap_in: Operating = Operating()
    t1_s: float | None = None
    t2_s: float | None = None
    comm_t2_s: float | None = None
    memory_lifetime_s: float | None = None
    entry: str = field(default="", compare=False)


@dataclass(frozen=True)
class Link:
    """A connection between modules `a` and `b` (indices, a < b).

    Attributes:
        ebit_fidelity: fidelity of a raw e-bit to its Bell state, in [0, 1].
        bell_diagonal: weights of (I, X, Y, Z) errors on the e-bit, sum 1; the first is ebit_fidelity up to rounding.
        rate_hz: e-bits per second and channel.
        cutoff_s: an e-bit older than this, in seconds, is thrown away and made again; None: it may wait for ever.
        parallel_channels: e-bits (or direct gates) that can be made at the same time.
        latency_s: one-way delay of a classical message, seconds.
        length_m: metres.
        weight: what the planner counts for an e-bit over this link, 0.001 to 1000; 1 if no link is dearer than others.
        remote_gate: a two-qubit gate across the link, measured as a whole or made directly by the coupler.
        entry: as for modules; links made by one shape share it.
    """

    a: int
    b: int
    kind: LinkKind = LinkKind.EBIT
    technology: str = ""
    ebit_fidelity: float | None = None
    bell_diagonal: tuple[float, float, float, float] | None = None
    rate_hz: float | None = None
    cutoff_s: float | None = None
    parallel_channels: int = 1
    latency_s: float | None = None
    length_m: float | None = None
    weight: float = 1.0
    remote_gate: Operating = Operating()
    entry: str = field(default="", compare=False)

    @property
    def quantum(self) -> bool:
        """Whether e-bits can be made over the link (a direct gate makes one from two reset qubits)."""
        return self.kind is not LinkKind.CLASSICAL


@dataclass(frozen=True, eq=False)
class Hardware:
    """A network of modules.

    Attributes:
        name: preset's name, shorthand or file stem.
        modules, links: in the order of the file; module indices refer to it; at most
            one quantum link joins two modules.
        provenance: by the number's path in the file, such as `links.0.ebit.fidelity`.
        facts: published numbers that the planner does not use, with their units, by name; provenance `facts.<name>`.
        notes: what a reader must know before trusting the numbers.
        refusal: why nothing can be planned on this system; empty if it can be.
    """

    name: str
    modules: tuple[Module, ...]
    links: tuple[Link, ...]
    title: str = ""
    maturity: str = ""
    year: int | None = None
    sources: tuple[Source, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=lambda: MappingProxyType({}))
    refusal: str = ""
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))
    notes: str = ""

    def __getstate__(self) -> dict[str, object]:
        """The fields in a form that can be pickled; what was derived from them is derived again."""
        state = {each.name: getattr(self, each.name) for each in fields(self)}
        return state | {"provenance": dict(self.provenance), "facts": dict(self.facts)}

    @property
    def num_modules(self) -> int:
        """Number of modules of any role."""
        return len(self.modules)

    @cached_property
    def data_capacity(self) -> NDArray[np.int64]:
        """Data qubits per module, shape (num_modules,); 0 for modules that do not run gates."""
        return np.array([m.data_qubits if m.role is Role.PROCESSOR else 0 for m in self.modules], dtype=np.int64)

    @cached_property
    def quantum_links(self) -> Mapping[tuple[int, int], Link]:
        """The links that deliver e-bits, by their pair of module indices (a < b)."""
        return MappingProxyType({(link.a, link.b): link for link in self.links if link.quantum})

    @cached_property
    def link_by_name(self) -> Mapping[str, Link]:
        """The same by name, such as `m0--m1`."""
        return MappingProxyType({self.link_name(a, b): link for (a, b), link in self.quantum_links.items()})

    @property
    def weighted(self) -> bool:
        """Whether e-bits over some link count more than over others."""
        return len({link.weight for link in self.quantum_links.values()}) > 1

    @cached_property
    def weight_by_link(self) -> Mapping[str, float]:
        """The weights of the quantum links, by name."""
        return MappingProxyType({name: link.weight for name, link in self.link_by_name.items()})

    @cached_property
    def distance(self) -> NDArray[np.int64]:
        """Links on the shortest route between modules, shape (k, k); `UNREACHABLE` where there is none."""
        k = self.num_modules
        hops = np.full((k, k), UNREACHABLE, dtype=np.int64)
        np.fill_diagonal(hops, 0)
        for a, b in self.quantum_links:
            hops[a, b] = hops[b, a] = 1
        for via in range(k):
            np.minimum(hops, hops[:, via, None] + hops[None, via, :], out=hops)
        hops[hops > UNREACHABLE] = UNREACHABLE
        return hops

    @cached_property
    def latency_s(self) -> NDArray[np.float64]:
        """Seconds of a classical message between modules, over the fastest chain of links, shape (k, k).

        Links without a latency, and modules that no chain joins, count 0.
        """
        latency = np.full((self.num_modules, self.num_modules), np.inf)
        np.fill_diagonal(latency, 0.0)
        for link in self.links:
            seconds = min(link.latency_s or 0.0, latency[link.a, link.b])
            latency[link.a, link.b] = latency[link.b, link.a] = seconds
        for via in range(self.num_modules):
            np.minimum(latency, latency[:, via, None] + latency[None, via, :], out=latency)
        return np.where(np.isinf(latency), 0.0, latency)

    def pairs_per_lifetime(self, link: Link) -> float | None:
        """Rate of a link's e-bits times the lifetime of a stored one; None if either is unknown.

        Below 1, most pairs are forgotten before the next one is there. A pair that waits in the comm qubits of both
        ends dephases with 1/T = 1/T2(a) + 1/T2(b).
        """
        ends = [self.modules[end].comm_t2_s or self.modules[end].t2_s for end in (link.a, link.b)]
        if link.rate_hz is None or ends[0] is None or ends[1] is None:
            return None
        return link.rate_hz * link.parallel_channels * ends[0] * ends[1] / (ends[0] + ends[1])

    def link_name(self, a: int, b: int) -> str:
        """The link's name in reports and plan.json, such as `m0--m1`."""
        first, second = sorted((a, b))
        return f"{self.modules[first].name}--{self.modules[second].name}"

    @cached_property
    def basis_counts(self) -> Mapping[Basis, int]:
        """How many numbers of the file have each basis."""
        found = Counter(origin.basis for origin in self.provenance.values())
        return MappingProxyType({basis: found[basis] for basis in Basis})

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of modules and links, independent of titles, sources and how the file spelled them."""
        text = json.dumps([self.modules, self.links], default=_planned_fields, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _planned_fields(value: Module | Link | Operating) -> dict[str, object]:
    return {
        name: content
        for name, content in vars(value).items()
        if name != "entry" and not (name in _LATER and content in (None, Operating()))
    }


_LATER = frozenset({"cutoff_s", "comm_reset", "swap_in"})
"""Fields that came later; where they are not given, digests are what they were before."""


UNREACHABLE = 10**9
"""Distance between modules that no chain of quantum links joins."""


def ideal_network(name: str, sizes: list[int], comm_qubits: int | None, pairs: list[tuple[int, int]]) -> Hardware:
    """Modules m0, m1, … with the given data qubits and perfect links between the given pairs of indices."""
    modules = tuple(Module(f"m{i}", size, comm_qubits) for i, size in enumerate(sizes))
    links = tuple(Link(min(pair), max(pair), ebit_fidelity=1.0, entry="links.0") for pair in pairs)
    return Hardware(name, modules, links, title="ideal network", maturity="ideal")
