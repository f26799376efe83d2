"""A circuit's columns as operations, one by one and in order."""

import pytest

from dqplan.core import circuit as module
from dqplan.core.circuit import CircuitBuilder, Condition, Operation, Term
from dqplan.core.gates import Op


@pytest.fixture
def circuit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_CHUNK", 2)  # so that five rows take three chunks
    builder = CircuitBuilder()
    builder.add_qreg("q", 3)
    builder.add_creg("c", 1)
    builder.append(Op.H, [0], line=4)
    builder.append(Op.CP, [2, 0], [0.5])
    builder.append(Op.MEASURE, [1], clbit=0)
    builder.append(Op.X, [2], condition=Condition((Term((0,), 1),)))
    builder.append(Op.CCX, [2, 1, 0])
    return builder.build()


def test_rows_are_operations(circuit):
    assert circuit[0] == Operation(Op.H, (0,), (), -1, None, 4)
    assert circuit[1] == Operation(Op.CP, (2, 0), (0.5,), -1, None, 0)
    assert circuit[-2] == Operation(Op.X, (2,), (), -1, Condition((Term((0,), 1),)), 0)
    with pytest.raises(IndexError):
        circuit[5]


def test_both_directions_give_every_row_once(circuit):
    rows = [circuit[row] for row in range(len(circuit))]
    assert list(circuit) == rows
    assert list(reversed(circuit)) == rows[::-1]
