"""Where a circuit cannot run: a small change of the hardware with which it can.

What is proposed is enough: with it, the circuit's parts that interact can be packed into sets of modules in which
every two are joined by a route of modules that swap e-bits, so that gates can be carried out one at a time, whatever is
short; or, where that asks for more than is needed, the circuit is small, and a plan was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from dqplan.core.errors import InfeasibleError
from dqplan.core.hardware import UNREACHABLE, Hardware, Link, LinkKind, Module, Role
from dqplan.core.segments import Segments
from dqplan.core.units import counted
from dqplan.solve.network import Network
from dqplan.solve.static.packing import packed_wires

_MOST_MODULES = 100
"""Larger networks are not searched: it would take seconds."""
_FEW_MODULES, _FEW_SEGMENTS = 8, 500
"""Up to here plans are made to find out whether less is enough."""
_SWAPS = 2
"""Comm qubits that a module in the middle of a route needs."""

Pair = tuple[int, int]
Trial = Callable[[Hardware], bool]


@dataclass(frozen=True)
class Remedy:
    """A change of the hardware.

    Attributes:
        data: more data qubits, by module.
        processors: modules that get the role processor.
        comm: how many comm qubits modules have then.
        turned: classical links that become links of e-bits.
        links: modules that a new link of e-bits joins.
    """

    data: Mapping[int, int] = field(default_factory=dict)
    processors: frozenset[int] = frozenset()
    comm: Mapping[int, int] = field(default_factory=dict)
    turned: frozenset[Pair] = frozenset()
    links: frozenset[Pair] = frozenset()

    def __bool__(self) -> bool:
        return any((self.data, self.processors, self.comm, self.turned, self.links))

    def applied(self, hardware: Hardware) -> Hardware:
        """The hardware with this change."""
        modules = tuple(self._module(index, module) for index, module in enumerate(hardware.modules))
        links = [replace(link, kind=LinkKind.EBIT) if self._turns(link) else link for link in hardware.links]
        links += [Link(*pair) for pair in sorted(self.links)]
        return replace(hardware, modules=modules, links=tuple(links))

    def _module(self, index: int, module: Module) -> Module:
        return replace(
            module,
            data_qubits=module.data_qubits + self.data.get(index, 0),
            comm_qubits=self.comm.get(index, module.comm_qubits),
            role=Role.PROCESSOR if index in self.processors else module.role,
        )

    def _turns(self, link: Link) -> bool:
        return (link.a, link.b) in self.turned and not link.quantum

    def words(self, hardware: Hardware) -> str:
        """`give m1 2 comm qubits, and join m0 and m3 by a link of type ebit`."""
        return ", and ".join(self._parts(hardware))

    def _parts(self, hardware: Hardware) -> Iterator[str]:
        names = [module.name for module in hardware.modules]
        for module in sorted(self.processors):
            yield f"give {names[module]} the role processor"
        for module, more in self.data.items():
            yield f"give {names[module]} {counted(more, 'more data qubit', 'more data qubits')}"
        had = {module: hardware.modules[module].comm_qubits or 0 for module in self.comm}
        for wanted, before in sorted({(self.comm[module], had[module]) for module in self.comm}):
            alike = [module for module in sorted(self.comm) if (self.comm[module], had[module]) == (wanted, before)]
            each = " each" if len(alike) > 1 else ""
            yield (
                f"give {listed([names[module] for module in alike])} {counted(wanted, 'comm qubit')}{each}, "
                f"not {before or 'none'}"
            )
        for a, b in sorted(self.turned):
            yield f"make the link {names[a]}--{names[b]} one of type ebit"
        for a, b in sorted(self.links):
            yield f"join {names[a]} and {names[b]} by a link of type ebit"


@contextmanager
def advising(segments: Segments, network: Network, runs: Trial) -> Iterator[None]:
    """Errors that leave the block without a hint get one: a change that helps, if one is found.

    `runs` says whether a plan is found on other hardware.
    """
    try:
        yield
    except InfeasibleError as error:
        remedy = None if error.hint or network.hardware.refusal else remedy_of(segments, network, runs)
        if remedy:
            error.hint = _advice(segments, network, remedy, _enough(segments, network, runs))
        raise


def _advice(segments: Segments, network: Network, remedy: Remedy, enough: Trial) -> str:
    text = f"it is enough to {remedy.words(network.hardware)}"
    if not remedy.data or remedy.processors:
        return text
    if remedy == Remedy(remedy.data):
        text = f"the smallest change: {remedy.words(network.hardware)}"
    each = -(-segments.num_wires // max(1, len(network.homes)))
    wider = Remedy({m: each - int(network.capacity[m]) for m in network.homes if network.capacity[m] < each})
    if len(network.homes) > 1 and enough(wider.applied(network.hardware)):
        text += f"; or use modules of at least {counted(each, 'data qubit')} each"
    return text


def remedy_of(segments: Segments, network: Network, runs: Trial) -> Remedy | None:
    """A change with which the circuit can run, of which nothing can be left out; None if none is found.

    Data qubits are added to a single module. Then comm qubits are preferred to links of another type, and those to new
    links.

    Args:
        segments: the circuit.
        network: where it cannot run.
        runs: whether a plan is found on other hardware; only asked where that is quick.
    """
    hardware, relaxed = network.hardware, network.relaxed
    if not hardware.modules or hardware.num_modules > _MOST_MODULES:
        return None
    base = _with_room(segments, network)
    if _fits(segments, base.applied(hardware), relaxed):
        return base
    wider = (wide for wide in _wider(base, hardware, relaxed) if _fits(segments, wide.applied(hardware), relaxed))
    wide = next(wider, None)
    return _reduced(wide, hardware, _enough(segments, network, runs)) if wide else None


def _enough(segments: Segments, network: Network, runs: Trial) -> Trial:
    """Whether other hardware is proved to be enough, or, where that is quick, found to be."""
    quick = network.size <= _FEW_MODULES and segments.num_segments <= _FEW_SEGMENTS

    def enough(changed: Hardware) -> bool:
        return _fits(segments, changed, network.relaxed) or (quick and runs(changed))

    return enough


def _with_room(segments: Segments, network: Network) -> Remedy:
    """Data qubits for all, in one module: in the first where nothing else is short then, or in the first of all."""
    hardware = network.hardware
    short = segments.num_wires - int(network.capacity.sum())
    if short <= 0:
        return Remedy()
    if not network.processors:
        modules = range(hardware.num_modules)
        best = max(modules, key=lambda module: hardware.modules[module].data_qubits)
        more = segments.num_wires - hardware.modules[best].data_qubits
        return Remedy({best: more} if more > 0 else {}, processors=frozenset({best}))
    order = sorted(network.processors, key=lambda module: -int(network.capacity[module]))
    choices = [Remedy({module: short}) for module in order]
    fitting = (choice for choice in choices if _fits(segments, choice.applied(hardware), network.relaxed))
    return next(fitting, choices[0])


def _wider(base: Remedy, hardware: Hardware, relaxed: bool) -> Iterator[Remedy]:
    """More than is needed: comm qubits wherever they are few, then all links of type ebit, then new links."""
    few = {} if relaxed else {m: _SWAPS for m, module in enumerate(hardware.modules) if _comm(module) < _SWAPS}
    wide = replace(base, comm=few)
    yield wide
    joined = hardware.quantum_links
    wide = replace(wide, turned=frozenset((link.a, link.b) for link in hardware.links if not link.quantum) - {*joined})
    yield wide
    first, *others = [group[0] for group in Network(wide.applied(hardware), relaxed, rests=False).groups]
    yield replace(wide, links=frozenset((min(first, other), max(first, other)) for other in others))


def _reduced(wide: Remedy, hardware: Hardware, enough: Trial) -> Remedy:
    """What is left if everything is left out that can be: links first, those to the smallest sets of modules first."""

    def fits(remedy: Remedy) -> bool:
        return enough(remedy.applied(hardware))

    found = wide
    for part in ("links", "turned"):
        for pair in sorted(getattr(wide, part), key=lambda pair: _room_behind(hardware, pair)):
            fewer = replace(found, **{part: getattr(found, part) - {pair}})
            found = fewer if fits(fewer) else found
    for module in wide.comm:
        without = {other: wanted for other, wanted in found.comm.items() if other != module}
        one = {**without, module: 1} if _comm(hardware.modules[module]) < 1 else without
        for comm in (without, one):
            if fits(replace(found, comm=comm)):
                found = replace(found, comm=comm)
                break
    return found


def _room_behind(hardware: Hardware, pair: Pair) -> tuple[int, Pair]:
    return int(hardware.data_capacity[list(pair)].sum()), pair


def _comm(module: Module) -> int:
    return _SWAPS if module.comm_qubits is None else module.comm_qubits


def _fits(segments: Segments, hardware: Hardware, relaxed: bool) -> bool:
    """Whether what interacts can be packed into sets of modules in which routes join every two."""
    network = Network(hardware, relaxed, rests=False)
    rooms = [int(network.capacity[_all_joined(network, group)].sum()) for group in network.groups]
    return bool(rooms) and sum(rooms) >= segments.num_wires and packed_wires(segments, rooms) is not None


def _all_joined(network: Network, group: list[int]) -> list[int]:
    """The whole group if a route joins every two of its modules, else the largest module alone."""
    homes = [module for module in group if network.capacity[module]] or group
    if (network.distance[np.ix_(homes, homes)] < UNREACHABLE).all():
        return homes
    return [max(homes, key=lambda module: int(network.capacity[module]))]


def listed(names: list[str], most: int = 6) -> str:
    """Names with commas; long lists are cut short."""
    shown = names if len(names) <= most else [*names[: most - 1], "…", names[-1]]
    return ", ".join(shown)
