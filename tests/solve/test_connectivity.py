"""The connectivity bound and the baseline on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dqplan.core.gates import Op
from dqplan.core.hardware import ideal_network
from dqplan.solve.baseline import ebits_gate_by_gate
from dqplan.solve.bounds.connectivity import connectivity_bound
from dqplan.solve.network import Network
from tests.solve.circuits import everyone, ghz, line, segments


@pytest.mark.parametrize(
    ("circuit", "sizes", "ebits"),
    [
        (ghz(6), [3, 3], 1),
        (ghz(6), [6, 1], 0),
        (ghz(6), [1, 2, 3, 1], 2),
        (segments(4, [(Op.CX, (0, 1)), (Op.CX, (2, 3))]), [1, 1, 1, 1], 2),
        (segments(3, []), [1, 1, 1], 0),
        (segments(2, [(Op.RESET, (1,)), (Op.CX, (0, 1))]), [1, 1], 0),
    ],
)
def test_connectivity(circuit, sizes: list[int], ebits: int) -> None:
    """The last case is not tight: a part that only begins at a reset is not counted."""
    network = Network(ideal_network("n", sizes, None, [(i, i + 1) for i in range(len(sizes) - 1)]))
    assert connectivity_bound(circuit, network).ebits == ebits


def test_baseline_counts_merged_gates_and_hops() -> None:
    circuit = segments(3, [(Op.CP, (0, 1), (0.5,)), (Op.CP, (0, 1), (0.25,)), (Op.CZ, (0, 2))])
    home = np.array([0, 1, 2], dtype=np.int16)
    assert ebits_gate_by_gate(circuit, Network(line(3, 1)), home) == 2 * 1 + 2
    assert ebits_gate_by_gate(circuit, Network(everyone(3, 1)), home) == 3
