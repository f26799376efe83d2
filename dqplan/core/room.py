"""Room: the comm qubits that purification needs beside those of the program."""

from __future__ import annotations

from collections.abc import Mapping

from dqplan.core.hardware import Hardware


def comm_limits(hardware: Hardware, purification: Mapping[str, int]) -> list[int | None]:
    """By module: the comm qubits that a program may use, None for any number, so that purification finds room.

    A pair that is purified in r rounds takes r more comm qubits at either end while it is made, and a link makes as
    many pairs at once as it has channels, but no more than the program has comm qubits for. With `purification` empty
    these are all comm qubits.

    Args:
        hardware: the network.
        purification: rounds by link name.
    """
    stored: list[list[tuple[int, int]]] = [[] for _ in hardware.modules]
    for link in hardware.quantum_links.values():
        rounds = purification.get(hardware.link_name(link.a, link.b), 0)
        for module in (link.a, link.b) if rounds else ():
            stored[module].append((rounds, link.parallel_channels))
    return [
        None if module.comm_qubits is None else _limit(module.comm_qubits, pairs)
        for module, pairs in zip(hardware.modules, stored, strict=True)
    ]


def _limit(comm_qubits: int, stored: list[tuple[int, int]]) -> int:
    """The most comm qubits that leave room for what is stored beside them."""
    used = comm_qubits
    while used > 0 and used + sum(rounds * min(channels, used) for rounds, channels in stored) > comm_qubits:
        used -= 1
    return used
