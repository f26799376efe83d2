"""Which stretches a copy can live through, by hand and against the definition."""

from __future__ import annotations

import math

import pytest

from dqplan.core.circuit import CircuitBuilder, Condition, Term
from dqplan.core.embedding import bridgeable, flips_when_idle
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.segments import Segments

USED = (Op.CP, (0, 3), (0.3,))
"""A gate that keeps a segment of qubit 0 alive."""


def segments(*rows: tuple) -> Segments:
    builder = CircuitBuilder()
    builder.add_qreg("q", 4)
    builder.add_creg("c", 1)
    for op, qubits, *rest in rows:
        params = rest[0] if rest else ()
        condition = Condition((Term((0,), 1),)) if len(rest) > 1 else None
        builder.append(op, qubits, params, clbit=0 if op is Op.MEASURE else -1, condition=condition)
    return segments_of(builder.build())


@pytest.mark.parametrize(
    ("stretch", "flips"),
    [
        ([(Op.CX, (1, 0))], False),
        ([(Op.CX, (1, 0)), (Op.CX, (2, 0))], False),
        ([(Op.CX, (1, 0)), (Op.X, (0,))], True),
        ([(Op.CY, (1, 0))], False),
        ([(Op.RX, (0,), (math.pi / 2,)), (Op.CZ, (1, 0)), (Op.RX, (0,), (-math.pi / 2,))], False),
        ([(Op.RX, (0,), (math.pi / 2,)), (Op.CZ, (1, 0)), (Op.RX, (0,), (math.pi / 2,))], True),
        ([(Op.RY, (0,), (-math.pi / 2,)), (Op.CZ, (1, 0)), (Op.RY, (0,), (-math.pi / 2,))], True),
        ([(Op.T, (0,)), (Op.CX, (1, 0)), (Op.T, (0,))], False),
    ],
)
def test_flips_under_control_can_be_lived_through(stretch: list[tuple], flips: bool) -> None:
    normal = segments(USED, *stretch, USED)
    assert normal.wire.tolist()[:3] == [0, 0, 0]
    assert bridgeable(normal)[:3].tolist() == [False, True, False]
    assert flips_when_idle(normal, 1) is flips


@pytest.mark.parametrize(
    "stretch",
    [
        [(Op.H, (0,)), (Op.CP, (0, 1), (2.0,)), (Op.H, (0,))],
        [(Op.H, (0,)), (Op.CZ, (0, 1)), (Op.RY, (0,), (0.4,))],
        [(Op.RY, (0,), (0.4,)), (Op.CZ, (0, 1)), (Op.RY, (0,), (-0.4,))],
        [(Op.H, (0,)), (Op.CZ, (0, 1)), (Op.MEASURE, (0,)), (Op.H, (0,))],
        [(Op.MEASURE, (2,)), (Op.H, (0,)), (Op.CZ, (0, 1), (), True), (Op.H, (0,))],
        [(Op.MEASURE, (2,)), (Op.H, (0,), (), True), (Op.CZ, (0, 1)), (Op.H, (0,), (), True)],
        [(Op.CX, (1, 0)), (Op.RESET, (0,))],
    ],
)
def test_what_cannot_be_lived_through(stretch: list[tuple]) -> None:
    assert not bridgeable(segments(USED, *stretch, USED))[:4].any()


def test_the_ends_of_a_wire_are_no_stretches() -> None:
    assert not bridgeable(segments((Op.H, (0,)), (Op.CZ, (0, 1)), (Op.H, (0,)))).any()
    assert not bridgeable(segments()).any()
