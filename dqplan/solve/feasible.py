"""Can the circuit run on this hardware at all? The shortest reason if not, before any search."""

from __future__ import annotations

from dqplan.core.errors import InfeasibleError
from dqplan.core.hardware import Hardware
from dqplan.solve.network import Network


def check_room(num_qubits: int, network: Network) -> None:
    """Check that the data qubits suffice.

    Raises:
        InfeasibleError: with the shortest reason and the smallest change that would help.
    """
    hardware = network.hardware
    if hardware.refusal:
        raise InfeasibleError(f"nothing can be planned on {hardware.name}: {hardware.refusal}")
    if not network.homes:
        raise InfeasibleError(
            f"{hardware.name} has no module with data qubits that runs gates",
            hint="give at least one module the role processor and data qubits",
        )
    total = int(network.capacity.sum())
    if num_qubits > total:
        raise _too_small(num_qubits, total, network)


def _too_small(num_qubits: int, total: int, network: Network) -> InfeasibleError:
    modules = [network.hardware.modules[m].name for m in network.homes]
    each = -(-num_qubits // len(modules))
    return InfeasibleError(
        f"the circuit has {num_qubits} qubits, but the {_counted(len(modules), 'module')} of {network.hardware.name} "
        f"({_listed(modules)}) hold {total} data qubits together: {num_qubits - total} too few",
        hint=f"use modules with at least {each} data qubits each, or more modules",
    )


def not_joined(largest_part: int, network: Network) -> InfeasibleError:
    """The error for a circuit that fits into all modules together, but not into those that e-bits can join.

    Args:
        largest_part: qubits in the largest part of the circuit that interacts.
        network: the modules.
    """
    group = network.groups[0]
    names = _listed([network.hardware.modules[m].name for m in group])
    room = int(network.capacity[group].sum())
    if largest_part <= room:
        message = "no plan found: the circuit's parts could not be packed into modules that e-bits do not join"
        return InfeasibleError(message, hint=_missing_link(network), proved=False)
    return InfeasibleError(
        f"{largest_part} qubits of the circuit interact, but the largest set of modules that e-bits can join ({names}) "
        f"holds {room}: {largest_part - room} too few",
        hint=_missing_link(network),
    )


def _missing_link(network: Network) -> str:
    """Why the modules are not joined, and what would join them."""
    hardware = network.hardware
    if any(not link.quantum for link in hardware.links):
        return "classical links carry no e-bits: add links of type ebit or direct_gate between the modules"
    silent = [module.name for module in hardware.modules if module.comm_qubits == 0 and not network.relaxed]
    if silent:
        return f"give {_listed(silent)} at least one comm qubit"
    thin = [m.name for m, passes in zip(hardware.modules, network.passes, strict=True) if not passes]
    if thin and _joined_by_links(hardware):
        return f"a module in the middle of a route needs 2 comm qubits, or one and data qubits: see {_listed(thin)}"
    return "add quantum links between the modules"


def _joined_by_links(hardware: Hardware) -> bool:
    return len(Network(hardware, relaxed=True).groups) == 1


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _listed(names: list[str], most: int = 6) -> str:
    """Names with commas; long lists are cut short."""
    shown = names if len(names) <= most else [*names[: most - 1], "…", names[-1]]
    return ", ".join(shown)
