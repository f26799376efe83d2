"""Program: a plan turned into operations on the data and comm qubits of each module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Circuit
from dqplan.core.hardware import Hardware
from dqplan.core.plan import Plan


class QubitKind(StrEnum):
    """What a physical qubit is for; a register `<module>_<kind>` holds those of one module and kind."""

    DATA = "data"
    COMM = "comm"
    MEMORY = "memory"


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

    @property
    def kind_of(self) -> tuple[QubitKind, ...]:
        """What each qubit is for."""


@dataclass(frozen=True, eq=False)
class Trace:
    """Where events, homes and stays of the plan are found in the joint program.

    Attributes:
        event_row: int64 (num_events + 1,), the first row of what is done for each event, and the number of rows.
        homes: int64 (h, 3), ascending: from a row on, a wire is at home in a data qubit of the joint program.
        fetches: by row: a SWAP by which a qubit leaves memory, or comes home from another module's. The row, that SWAP
            or an e-bit for it, has to wait until the qubit is needed, as early as it could be done.
    """

    event_row: NDArray[np.int64]
    homes: NDArray[np.int64]
    fetches: Mapping[int, int]


@dataclass(frozen=True, eq=False)
class Program:
    """The distributed program of a plan.

    Attributes:
        plan: what it carries out.
        circuit: the joint program over physical qubits. Its quantum registers are `<module>_data`, `<module>_comm` and
            `<module>_memory` for every module used, no larger than needed; its classical bits are those of the input
            circuit, in the same order, followed by one-bit registers for the messages of the protocols.
        module_of: int32 (num_qubits of `circuit`,): the module of each physical qubit.
        input_qubit: the physical qubit that holds each circuit qubit at the start.
        output_qubit: the physical qubit that holds each circuit qubit at the end.
        clbit_runs: the names under which the input circuit's classical bits appear, in order.
        num_messages: how many of the classical bits, counted from the end, are messages.
        comments: what begins at a row of `circuit`, in words, for the reader of the emitted text.
        trace: where parts of the plan are found in `circuit`; None if its rows are no longer those that were written.
    """

    plan: Plan
    circuit: Circuit
    module_of: NDArray[np.int32]
    input_qubit: tuple[int, ...]
    output_qubit: tuple[int, ...]
    clbit_runs: tuple[ClbitRun, ...]
    num_messages: int
    comments: Mapping[int, str]
    trace: Trace | None = None

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

    @cached_property
    def kind_of(self) -> tuple[QubitKind, ...]:
        """What each physical qubit is for, by the names of the registers."""
        return tuple(
            QubitKind(register.name.rpartition("_")[2]) for register in self.circuit.qregs for _ in range(register.size)
        )
