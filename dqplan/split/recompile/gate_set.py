"""What a module's native gates can express, and how: a basis for one-qubit unitaries, gates that entangle."""

from __future__ import annotations

from dataclasses import dataclass

from dqplan.core.errors import HardwareError
from dqplan.core.gates import Op
from dqplan.core.hardware import Module
from dqplan.core.native import native_ops

_TURNS: tuple[tuple[frozenset[Op], str], ...] = (
    (frozenset({Op.RZ, Op.SX, Op.X}), "ZSXX"),
    (frozenset({Op.RZ, Op.SX}), "ZSX"),
    (frozenset({Op.P, Op.SX}), "PSX"),
    (frozenset({Op.RZ, Op.RX}), "ZXZ"),
    (frozenset({Op.RZ, Op.RY}), "ZYZ"),
    (frozenset({Op.RX, Op.RY}), "XYX"),
    (frozenset({Op.U}), "U"),
)
"""Gates that express every one-qubit unitary, and Qiskit's name for the basis; the first that fits is taken."""
FIXED = (Op.CZ, Op.CX, Op.ECR, Op.ISWAP, Op.CY, Op.CH, Op.DCX)
"""Of these, three make any two-qubit unitary, and two any that is not worth a SWAP (Vidal & Dawson, quant-ph/0307177).
"""
ANGLED = (Op.RZZ, Op.CP, Op.CRZ, Op.RXX, Op.RYY, Op.RZX, Op.CRX, Op.CRY)
"""Each coordinate of a two-qubit unitary that is not trivial costs one gate with an angle."""
_HINT = "--no-recompile keeps logical gates"


@dataclass(frozen=True)
class GateSet:
    """How a module's gates are written.

    Attributes:
        module: its name.
        ops: the native gates.
        turns: Qiskit's name of the basis for one-qubit unitaries.
        fixed: the entangling gate without an angle, if there is one.
        angled: the entangling gate with an angle, if there is one.
    """

    module: str
    ops: frozenset[Op]
    turns: str
    fixed: Op | None
    angled: Op | None


def gate_set_of(module: Module, *, entangling: bool) -> GateSet | None:
    """The gates of a module; None if it can do any.

    Args:
        module: of the hardware.
        entangling: whether two-qubit gates are needed.

    Raises:
        HardwareError: its native gates cannot express what is needed, or not by any way that is known here.
    """
    ops = native_ops(module)
    if ops is None:
        return None
    turns = next((name for needed, name in _TURNS if needed <= ops), None)
    if turns is None:
        ways = "; ".join(" and ".join(sorted(op.spelling for op in needed)) for needed, _ in _TURNS)
        raise _too_few(module, "one-qubit unitary", f"{ways}; {_HINT}")
    fixed, angled = (next((op for op in kind if op in ops), None) for kind in (FIXED, ANGLED))
    if entangling and fixed is None and angled is None:
        raise _too_few(module, "two-qubit unitary", f"{', '.join(op.spelling for op in (*FIXED, *ANGLED))}; {_HINT}")
    return GateSet(module.name, ops, turns, fixed, angled)


def _too_few(module: Module, what: str, ways: str) -> HardwareError:
    names = ", ".join(module.native_gates or ()) or "none"
    message = f"the native gates of module {module.name} ({names}) do not express every {what}"
    return HardwareError(message, hint=f"what would do: {ways}")
