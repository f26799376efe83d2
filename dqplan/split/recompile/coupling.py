"""The coupling map of a module, as far as a program needs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dqplan.core.errors import InfeasibleError, UnsupportedError
from dqplan.core.hardware import Module

MAX_PLACES = 4096
"""Programs are routed on maps of so many qubits at most: distances between all of them are held in memory."""


class Coupling:
    """The connected part of a module's coupling map in which its program runs.

    Attributes:
        num_places: data and comm qubits of the module.
        num_data: places below are data qubits, the others comm qubits.
        places: those of the part, in order; the others are left alone.
    """

    def __init__(self, module: Module, comm_used: int, contents: int) -> None:
        """Find the part.

        Args:
            module: with a coupling map.
            comm_used: its comm qubits that make e-bits, counted from the first.
            contents: qubits of the program in the module.

        Raises:
            InfeasibleError: no connected part has all these comm qubits and room for the program.
            UnsupportedError: the map has more than MAX_PLACES qubits.
        """
        self.num_data = module.data_qubits
        self.num_places = module.data_qubits + (module.comm_qubits or 0)
        self.pairs = module.coupling or ()
        if self.num_places > MAX_PLACES:
            found = f"the coupling map of module {module.name} has {self.num_places:,} qubits"
            hint = "keep logical gates: --no-recompile, or leave `coupling` out"
            raise UnsupportedError(f"{found}; programs are routed on maps of up to {MAX_PLACES:,}", hint=hint)
        comm = set(range(self.num_data, self.num_data + comm_used))
        parts = [part for part in self._parts() if comm <= set(part) and len(part) >= contents]
        if not parts:
            raise self._apart(module, comm, contents)
        self.places: list[int] = max(parts, key=len)

    def _parts(self) -> list[list[int]]:
        """The connected parts of the map, in order of their first places."""
        part = list(range(self.num_places))
        for a, b in self.pairs:
            old, new = max(part[a], part[b]), min(part[a], part[b])
            part = [new if number == old else number for number in part]
        return [[place for place in range(self.num_places) if part[place] == first] for first in sorted(set(part))]

    def _apart(self, module: Module, comm: Iterable[int], contents: int) -> InfeasibleError:
        comm = sorted(comm)
        largest = max(map(len, self._parts()))
        needed = f"{contents} qubits, among them the comm qubits {', '.join(map(str, comm)) or 'none'}"
        message = (
            f"the program of module {module.name} needs {needed}, in one connected part of its coupling map; "
            f"the largest part has {largest} of {self.num_places}"
        )
        pairs = ", ".join(f"[{a}, {b}]" for a, b in self._bridges(comm, contents))
        change = f"the smallest change: add {pairs} to the `coupling` of {module.name}"
        return InfeasibleError(message, hint=f"{change}; or keep logical gates: --no-recompile")

    def _bridges(self, comm: Sequence[int], contents: int) -> list[tuple[int, int]]:
        """As few pairs as make one part of those that hold these comm qubits, and of others if there is need."""
        parts = sorted(self._parts(), key=lambda part: (not set(comm) & set(part), -len(part)))
        chosen = [part for part in parts if set(comm) & set(part)] or parts[:1]
        for part in parts[len(chosen) :]:
            if sum(map(len, chosen)) >= contents:
                break
            chosen.append(part)
        return [(min(chosen[0][0], part[0]), max(chosen[0][0], part[0])) for part in chosen[1:]]

    @cached_property
    def number(self) -> dict[int, int]:
        """The number of each place within the part."""
        return {place: number for number, place in enumerate(self.places)}

    @cached_property
    def joined(self) -> frozenset[tuple[int, int]]:
        """Pairs of places that gates can act on, in both orders."""
        return frozenset((a, b) for pair in self.pairs for a, b in (pair, pair[::-1]))

    @cached_property
    def neighbours(self) -> list[list[int]]:
        """The places beside each place, in order."""
        found: list[list[int]] = [[] for _ in range(self.num_places)]
        for a, b in sorted(self.joined):
            found[a].append(b)
        return found

    @cached_property
    def qiskit_map(self) -> Any:
        """The part as Qiskit's coupling map."""
        from qiskit.transpiler import CouplingMap

        number = self.number
        pairs = [(number[a], number[b]) for a, b in sorted(self.joined) if a in number]
        coupling = CouplingMap(pairs)
        for isolated in range(coupling.size(), len(self.places)):
            coupling.add_physical_qubit(isolated)
        return coupling

    @cached_property
    def distance(self) -> NDArray[np.int64]:
        """Pairs on the shortest path between places; a large number where there is none."""
        found = np.full((self.num_places, self.num_places), self.num_places, dtype=np.int64)
        found[np.ix_(self.places, self.places)] = np.asarray(self.qiskit_map.distance_matrix, dtype=np.int64)
        return found

    def path(self, start: int, end: int) -> Sequence[int]:
        """A shortest path, both ends included."""
        found = [start]
        while found[-1] != end:
            found.append(min(self.neighbours[found[-1]], key=lambda place: (self.distance[place, end], place)))
        return found
