"""Steps on contents -> steps on places that the coupling map joins, with SWAPs put in.

Between two e-bits, Qiskit's Sabre routes (Li, Ding & Xie, arXiv:1809.02573). A comm qubit is reset before it makes an
e-bit, and is then in its place: what lies there and still matters is moved to the nearest place whose content does not.
SWAPs of the program itself, with which arriving qubits leave their comm qubits, cost nothing: they are carried out by
renaming, and what lies in a comm qubit's place is moved when that is needed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from dqplan.core.gates import Op
from dqplan.split.recompile.coupling import Coupling
from dqplan.split.recompile.steps import Step, added_swap

_TRIALS = 5
"""Of Sabre; the best counts."""
_NOWHERE = -1


@dataclass(frozen=True)
class Task:
    """What is to be routed.

    Attributes:
        steps: on contents.
        pins: for each step, the place where its qubit has to be, or -1.
        outputs: contents that matter at the end.
        contents: the content of each qubit at the end.
    """

    steps: Sequence[Step]
    pins: Sequence[int]
    outputs: frozenset[int]
    contents: Sequence[int]


@dataclass(frozen=True)
class Route:
    """Steps on places.

    Attributes:
        steps: with SWAPs put in.
        swaps: their number.
        place_of: where each content is at the end.
    """

    steps: Sequence[Step]
    swaps: int
    place_of: Sequence[int]


def task_of(steps: Sequence[Step], num_places: int, num_data: int, outputs: Sequence[int]) -> Task:
    """The steps of a module on contents instead of qubits: each SWAP exchanges what two qubits hold.

    Args:
        steps: on qubits of the module; data qubits first.
        num_places: qubits and places that the module has.
        num_data: of them, data qubits.
        outputs: qubits that matter at the end.
    """
    content, found, pins = list(range(num_places)), [], []
    for step in steps:
        if step.exchanges:
            a, b = step.qubits
            content[a], content[b] = content[b], content[a]
            continue
        resets_comm = step.wipes and step.qubits[0] >= num_data
        pins.append(step.qubits[0] if resets_comm else _NOWHERE)
        found.append(step._replace(qubits=tuple(content[qubit] for qubit in step.qubits)))
    return Task(found, pins, frozenset(content[qubit] for qubit in outputs), content)


def route_task(task: Task, coupling: Coupling, start: Sequence[int], sabre: Sabre) -> Route:
    """Route from a given layout; `start` is the place of each content."""
    router = _Router(task, coupling, start, sabre)
    block: list[Step] = []
    for step, pin in zip(task.steps, task.pins, strict=True):
        if pin != _NOWHERE:
            router.run(block)
            router.pin(step.qubits[0], pin)
            block = []
        block.append(step)
    router.run(block)
    return Route(router.steps, router.swaps, router.place_of)


class Sabre:
    """Qiskit's router for one coupling map."""

    def __init__(self, coupling: Coupling) -> None:
        self.coupling = coupling
        self.instruction = lru_cache(maxsize=None)(self._instruction)

    def route(self, steps: Sequence[Step], place_of: Sequence[int]) -> Iterator[Step]:
        """The steps, which are on contents, on places; SWAPs come with their places."""
        number, places = self.coupling.number, self.coupling.places
        dag = self._pass.run(self._graph(steps, [number.get(place, _NOWHERE) for place in place_of]))
        numbered = {qubit: index for index, qubit in enumerate(dag.qubits)}
        for node in dag.topological_op_nodes():
            there = tuple(places[numbered[qubit]] for qubit in node.qargs)
            if node.op.name == "swap":
                yield added_swap(*there)
            else:
                yield steps[int(node.op.name)]._replace(qubits=there)

    def _graph(self, steps: Sequence[Step], place_of: Sequence[int]) -> Any:
        """The steps as boxes on Qiskit's wires, and one classical wire that keeps the order of the fixed ones."""
        from qiskit.circuit import Clbit, QuantumRegister
        from qiskit.dagcircuit import DAGCircuit

        dag, wire = DAGCircuit(), Clbit()
        dag.add_qreg(QuantumRegister(len(self.coupling.places), "q"))
        dag.add_clbits([wire])
        for index, step in enumerate(steps):
            box = self.instruction(index, len(step.qubits), step.fixed)
            wires = [dag.qubits[place_of[content]] for content in step.qubits]
            dag.apply_operation_back(box, wires, [wire] if step.fixed else [], check=False)
        return dag

    @staticmethod
    def _instruction(index: int, num_qubits: int, fixed: bool) -> Any:
        from qiskit.circuit import Instruction

        return Instruction(str(index), num_qubits, int(fixed), [])

    @cached_property
    def _pass(self) -> Any:
        from qiskit.transpiler.passes import SabreSwap

        return SabreSwap(self.coupling.qiskit_map, heuristic="decay", seed=0, trials=_TRIALS)


class _Router:
    """Where everything is while steps are routed."""

    def __init__(self, task: Task, coupling: Coupling, start: Sequence[int], sabre: Sabre) -> None:
        self.coupling, self.sabre, self.outputs = coupling, sabre, task.outputs
        self.steps: list[Step] = []
        self.swaps = 0
        self.place_of = list(start)
        self.content_at = [0] * len(start)
        for content, place in enumerate(start):
            self.content_at[place] = content
        self.coming: list[deque[bool]] = [deque() for _ in start]
        """For each content, whether its next steps wipe it."""
        for step in task.steps:
            for content in step.qubits:
                self.coming[content].append(step.wipes)

    def run(self, block: Sequence[Step]) -> None:
        """Route steps that lie between two e-bits."""
        joined = self.coupling.joined
        pairs = [tuple(self.place_of[content] for content in step.qubits) for step in block if len(step.qubits) == 2]
        if all(pair in joined for pair in pairs):
            routed = [step._replace(qubits=tuple(self.place_of[content] for content in step.qubits)) for step in block]
            self.steps += routed
        else:
            for step in self.sabre.route(block, self.place_of):
                self._add(step)
        for step in block:
            for content in step.qubits:
                self.coming[content].popleft()

    def pin(self, content: int, place: int) -> None:
        """Put a content that does not matter into a place, after moving away what matters there."""
        if not self._idle(self.content_at[place]):
            hole = min(self._holes(), key=lambda hole: (self.coupling.distance[place, hole], hole))
            path = self.coupling.path(hole, place)
            for here, there in pairwise(path):
                self._add(added_swap(here, there))
        self._exchange(self.place_of[content], place)

    def _holes(self) -> list[int]:
        return [place for place in self.coupling.places if self._idle(self.content_at[place])]

    def _idle(self, content: int) -> bool:
        """Whether a content is wiped before it is used again, if ever."""
        coming = self.coming[content]
        return coming[0] if coming else content not in self.outputs

    def _add(self, step: Step) -> None:
        self.steps.append(step)
        if step.operation.op == Op.SWAP and step.row < 0:
            self.swaps += 1
            self._exchange(*step.qubits)

    def _exchange(self, here: int, there: int) -> None:
        one, other = self.content_at[here], self.content_at[there]
        self.content_at[here], self.content_at[there] = other, one
        self.place_of[one], self.place_of[other] = there, here
