"""Hardware -> a network file of memQ's DQC compiler.

Rates, gates, durations, memory qubits, roles and names of modules have no place there and are lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from dqplan.core.errors import HardwareError
from dqplan.core.hardware import Hardware, Module

_LETTERS = {"computation": "q", "communication": "c"}


def memq_network(hardware: Hardware) -> dict[str, Any]:
    """The hardware as a memQ network, without `localIndex`: their compiler then numbers comm qubits from 0, as it must.

    A link joins as many comm qubits of both ends as it has channels and they have comm qubits; a coupling that is not
    specified is written as all-to-all, there being no other way.

    Raises:
        HardwareError: a module's comm qubits are unlimited.
    """
    for module in hardware.modules:
        if module.comm_qubits is None:
            message = f"the comm qubits of {module.name} are unlimited; a memQ network needs their number"
            raise HardwareError(message, hint="write it, as in all:4x9+2")
    names = [_names(i, module) for i, module in enumerate(hardware.modules)]
    local = [_couplings(module, names[i]) for i, module in enumerate(hardware.modules)]
    remote = list(_remote(hardware, names))
    beside: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in (pair for pairs in local for pair in pairs):
        beside[a].append(b)
        beside[b].append(a)
    elsewhere: defaultdict[str, list[str]] = defaultdict(list)
    for a, b, _ in remote:
        elsewhere[a].append(b)
        elsewhere[b].append(a)
    qubits = {
        name: _written(i, module, name, beside[name], elsewhere[name])
        for i, module in enumerate(hardware.modules)
        for name in names[i]
    }
    return {
        "processors": {
            str(i): {"id": i, "qubits": {kind: _of_kind(names[i], kind) for kind in _LETTERS}}
            for i in range(hardware.num_modules)
        },
        "qubits": qubits,
        "connections": [
            *({"qubit1": a, "qubit2": b, "type": "local"} for pairs in local for a, b in pairs),
            *({"qubit1": a, "qubit2": b, "type": "remote", "fidelity": fidelity} for a, b, fidelity in remote),
        ],
    }


def _names(index: int, module: Module) -> list[str]:
    comm = module.comm_qubits or 0
    return [f"q_{index}_{i}" for i in range(module.data_qubits)] + [f"c_{index}_{i}" for i in range(comm)]


def _of_kind(names: list[str], kind: str) -> list[str]:
    return [name for name in names if name.startswith(_LETTERS[kind])]


def _couplings(module: Module, names: list[str]) -> list[tuple[str, str]]:
    pairs = combinations(range(len(names)), 2) if module.coupling is None else module.coupling
    return [(names[a], names[b]) for a, b in pairs]


def _remote(hardware: Hardware, names: list[list[str]]) -> Iterator[tuple[str, str, float]]:
    """Each quantum link takes the comm qubits of its ends in turn, beginning with those that no other link has."""
    used = [0] * hardware.num_modules
    for (a, b), link in hardware.quantum_links.items():
        mine, theirs = (_of_kind(names[end], "communication") for end in (a, b))
        for _ in range(min(link.parallel_channels, len(mine), len(theirs))):
            fidelity = 1.0 if link.ebit_fidelity is None else link.ebit_fidelity
            yield mine[used[a] % len(mine)], theirs[used[b] % len(theirs)], fidelity
            used[a], used[b] = used[a] + 1, used[b] + 1


def _written(index: int, module: Module, name: str, beside: list[str], elsewhere: list[str]) -> dict[str, Any]:
    kind = next(kind for kind, letter in _LETTERS.items() if name.startswith(letter))
    coherence_s = (module.comm_t2_s or module.t2_s) if kind == "communication" else module.t2_s
    qubit = {
        "id": name,
        "kind": kind,
        "type": kind,
        "processorId": index,
        "label": f"{name[0]}({','.join(name.split('_')[1:])})",
        "localConnections": beside,
        "remoteConnections": elsewhere,
    }
    if coherence_s is not None:
        qubit |= {"coherenceTime": float(f"{coherence_s * 1e6:.12g}"), "coherenceTimeUnit": "us"}
    return qubit
