"""Native: a program compiled to the native gates and the coupling map of each of its modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dqplan.core.gates import Op
from dqplan.core.hardware import Module
from dqplan.core.program import Program

SPELLINGS: Mapping[str, Op] = {
    **{op.spelling: op for op in Op if op < Op.EPR},
    "u3": Op.U,
    "u1": Op.P,
    "phase": Op.P,
    "cnot": Op.CX,
    "cu1": Op.CP,
    "cphase": Op.CP,
}
"""The gates of the vocabulary under all names that a hardware file may use."""


def native_ops(module: Module) -> frozenset[Op] | None:
    """The gates that a module can do, of those that dqplan knows; None if it can do any."""
    if module.native_gates is None:
        return None
    return frozenset(SPELLINGS[name] for name in module.native_gates if name in SPELLINGS)


@dataclass(frozen=True)
class Compiled:
    """What became of the gates of one module.

    Attributes:
        module: its index.
        routed: whether it has a coupling map to keep to.
        swaps: SWAPs that were put in so that qubits meet; they are among the two-qubit gates below.
        one_qubit_gates, two_qubit_gates: of the native program.
        depth_before, depth_after: longest chain of operations on qubits of the module.
    """

    module: int
    routed: bool
    swaps: int
    one_qubit_gates: int
    two_qubit_gates: int
    depth_before: int
    depth_after: int


@dataclass(frozen=True, eq=False)
class Native:
    """A program as its modules can run it.

    Attributes:
        program: does what the program does that it was compiled from, with the same e-bits, measurements, resets and
            messages in the same order. A routed module has all its places: `<module>_data` and `<module>_comm` are as
            large as in the hardware, and are numbered in this order by its coupling map.
        start: where each qubit of the original joint program is at the start.
        modules: of those in use.
    """

    program: Program
    start: tuple[int, ...]
    modules: tuple[Compiled, ...]


def run_by_modules(program: Program, native: Native | None) -> Program:
    """What modules run: the native program if there is one, else the program itself."""
    return program if native is None else native.program
