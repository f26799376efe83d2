"""The outcomes of a Clifford circuit without noise: all of an affine space over GF(2), equally probable.

Measured stabilizer states give such outcomes (Dehaene & De Moor, quant-ph/0304125), and so do their corrections by
Paulis under single bits. The space is found from samples.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from dqplan.core.circuit import Circuit
from dqplan.core.counts import outcome_name
from dqplan.simulate.runs import Bits
from dqplan.simulate.tape import Tape

_SAMPLES = 64
"""Samples in the space that is already known: a larger one would stay hidden with a probability of 2^-64."""
_MOST_FREE = 16
"""At most 2^16 outcomes are listed."""


def affine_distribution(circuit: Circuit) -> dict[str, float] | None:
    """The probability of every outcome, by its name in `core.counts`; None if there are more than 2^16.

    Raises:
        UsageError: an operation is not Clifford, or a condition is not one bit for a Pauli.
    """
    tape = Tape(circuit, circuit.name)
    for row, operation in enumerate(circuit):
        tape.do(operation, row)
    samples = tape.bits(_SAMPLES + _MOST_FREE + 1, np.random.default_rng(0))
    origin = samples[0]
    basis = _basis(samples[1:] ^ origin)
    if len(basis) > _MOST_FREE:
        return None
    free = np.array(list(product((0, 1), repeat=len(basis))), dtype=np.uint8)
    outcomes = (free @ basis + origin) % 2 if len(basis) else origin[None, :]
    return {outcome_name(circuit.cregs, outcome): 0.5 ** len(basis) for outcome in outcomes}


def _basis(vectors: Bits) -> Bits:
    """Independent vectors over GF(2) with the same span, by elimination."""
    left, found = vectors.copy(), []
    while left.any():
        row = left[left.any(axis=1)][0].copy()
        found.append(row)
        left[left[:, row.argmax()] == 1] ^= row
    return np.array(found, dtype=np.uint8).reshape(len(found), vectors.shape[1])
