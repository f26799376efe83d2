"""Program: a plan turned into operations on the data and comm qubits of each module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Plan


@dataclass(frozen=True)
class ClbitRun:
    """Where `size` bits of a classical register of the input circuit, from `offset` on, appear in the program."""

    register: str
    offset: int
    name: str
    size: int


class Placed(Protocol):
    """Operations on the qubits of modules: as much of a program as its durations and its noise depend on."""

    @property
    def circuit(self) -> Circuit:
        """The joint program."""

    @property
    def hardware(self) -> Hardware:
        """The network."""

    @property
    def purification(self) -> Mapping[str, int]:
        """By link name, the rounds of purification that each of its e-bits goes through, if there are any."""

    @property
    def module_of(self) -> NDArray[np.int32]:
        """The module of each qubit, int32 (num_qubits,)."""

    @property
    def module_of_row(self) -> NDArray[np.int32]:
        """The module of each row's first qubit, int32 (n,)."""


@dataclass(frozen=True, eq=False)
class Program:
    """The distributed program of a plan.

    Attributes:
        plan: what it carries out.
        circuit: the joint program over physical qubits. Its quantum registers are `<module>_data` and `<module>_comm`
            for every module used, no larger than needed; its classical bits are those of the input circuit, in the
            same order, followed by one-bit registers for the messages of the protocols.
        module_of: int32 (num_qubits of `circuit`,): the module of each physical qubit.
        input_qubit: the physical qubit that holds each circuit qubit at the start.
        output_qubit: the physical qubit that holds each circuit qubit at the end.
        clbit_runs: the names under which the input circuit's classical bits appear, in order.
        num_messages: how many of the classical bits, counted from the end, are messages.
        comments: what begins at a row of `circuit`, in words, for the reader of the emitted text.
    """

    plan: Plan
    circuit: Circuit
    module_of: NDArray[np.int32]
    input_qubit: tuple[int, ...]
    output_qubit: tuple[int, ...]
    clbit_runs: tuple[ClbitRun, ...]
    num_messages: int
    comments: Mapping[int, str]

    @property
    def hardware(self) -> Hardware:
        """What it was planned for."""
        return self.plan.hardware

    @property
    def purification(self) -> Mapping[str, int]:
        """Rounds by link name, as planned."""
        return self.plan.purification

    @cached_property
    def module_of_row(self) -> NDArray[np.int32]:
        """The module of each row's first qubit, int32 (n,): where it happens, unless it makes an e-bit."""
        return self.module_of[self.circuit.qubits[:, 0]]
