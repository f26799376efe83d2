"""What a gate does to each of its operands, read off its matrix."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dqplan.core.gates import Op, gate_matrix


@lru_cache(maxsize=4096)
def diagonal_operands(op: Op, params: tuple[float, ...]) -> tuple[bool, ...]:
    """For each operand of a gate, whether the gate commutes with measuring it in the Z basis."""
    matrix = gate_matrix(op, params)
    num_qubits = len(matrix).bit_length() - 1
    index = np.arange(len(matrix))
    bits = index >> np.arange(num_qubits - 1, -1, -1)[:, None] & 1
    changes = bits[:, :, None] != bits[:, None, :]
    return tuple(not matrix[change].any() for change in changes)


@lru_cache(maxsize=4096)
def operand_values(masks: tuple[int, ...], axes: tuple[int, ...]) -> NDArray[np.int64]:
    """The operands' values, as an index into a gate's matrix, for every assignment of the axes that they depend on.

    Args:
        masks: per operand, the label bits of the axes whose parity is its value; the first operand is most significant.
        axes: label bits, the first axis most significant.

    Returns:
        Shape (2^len(axes),).
    """
    assignments = np.arange(1 << len(axes))
    values = np.zeros(1 << len(axes), dtype=np.int64)
    for mask in masks:
        value = np.zeros_like(values)
        for place, axis in enumerate(reversed(axes)):
            if axis & mask:
                value ^= assignments >> place & 1
        values = values << 1 | value
    values.setflags(write=False)
    return values
