"""Can the circuit run on this hardware at all? The shortest reason if not, before any search."""

from __future__ import annotations

from dqplan.core.errors import InfeasibleError
from dqplan.core.units import counted
from dqplan.solve.network import Network
from dqplan.solve.remedy import listed


def check_room(num_qubits: int, network: Network) -> None:
    """Check that the data qubits suffice.

    Raises:
        InfeasibleError: with the shortest reason.
    """
    hardware = network.hardware
    if hardware.refusal:
        raise InfeasibleError(f"nothing can be planned on {hardware.name}: {hardware.refusal}")
    if not network.homes:
        raise InfeasibleError(
            f"the circuit has {counted(num_qubits, 'qubit')}, but {hardware.name} has no module with data qubits that "
            f"runs gates: {num_qubits} too few"
        )
    total = int(network.capacity.sum())
    if num_qubits > total:
        modules = [hardware.modules[m].name for m in network.homes]
        raise InfeasibleError(
            f"the circuit has {num_qubits} qubits, but the {counted(len(modules), 'module')} of {hardware.name} "
            f"({listed(modules)}) {'holds' if len(modules) == 1 else 'hold'} {counted(total, 'data qubit')}"
            f"{'' if len(modules) == 1 else ' together'}: {num_qubits - total} too few"
        )


def not_joined(largest_part: int, network: Network) -> InfeasibleError:
    """The error for a circuit that fits into all modules together, but not into those that e-bits can join.

    Args:
        largest_part: qubits in the largest part of the circuit that interacts.
        network: the modules.
    """
    group = network.groups[0]
    names = listed([network.hardware.modules[m].name for m in group])
    room = int(network.capacity[group].sum())
    reason = _why_apart(network)
    if largest_part <= room:
        return InfeasibleError(
            f"no plan found: the circuit's parts could not be packed into modules that e-bits do not join; {reason}",
            proved=False,
        )
    return InfeasibleError(
        f"{largest_part} qubits of the circuit interact, but the largest set of modules that e-bits can join ({names}) "
        f"holds {room}: {largest_part - room} too few; {reason}"
    )


def _why_apart(network: Network) -> str:
    """Why the modules are not joined."""
    hardware = network.hardware
    silent = [module.name for module in hardware.modules if module.comm_qubits == 0 and not network.relaxed]
    if silent:
        return f"without comm qubits, no e-bit reaches {listed(silent)}"
    thin = [m.name for m, passes in zip(hardware.modules, network.passes, strict=True) if not passes]
    if thin and len(Network(hardware, relaxed=True).groups) == 1:
        return f"routes need 2 comm qubits in a module in their middle, or one and data qubits: see {listed(thin)}"
    if any(not link.quantum for link in hardware.links):
        return "classical links carry no e-bits"
    return "no link joins it to the other modules"
