"""Circuit -> Segments, linear in the number of gates."""

from __future__ import annotations

from collections.abc import Iterator

from dqplan.core.circuit import Circuit
from dqplan.core.fuse import fused
from dqplan.core.gates import NUM_PARAMS, NUM_QUBITS, Op
from dqplan.core.normaliser import Normaliser
from dqplan.core.segments import Segments

_CHUNK = 1 << 16
"""Rows of the circuit that are turned into Python values at a time."""


def segments_of(circuit: Circuit) -> Segments:
    """Bring a circuit into its normal form.

    The result does not depend on how a gate was spelled (cx or h·cz·h, cp(a, b) or cp(b, a)), on barriers, or on
    inserted identities.

    >>> import dqplan
    >>> circuit = dqplan.load_circuit("sample_circuits/ghz_8.qasm")
    >>> segments = segments_of(circuit)
    >>> segments.num_segments, len(segments.gates)
    (15, 7)
    """
    normaliser = Normaliser(circuit)
    for row in _rows(circuit):
        normaliser.add(*row)
    return fused(normaliser.finish())


def _rows(circuit: Circuit) -> Iterator[tuple[Op, tuple[int, ...], tuple[float, ...], int, int, int]]:
    """The circuit's operations as plain Python values, a chunk of columns at a time."""
    ops, widths, lengths = list(Op), NUM_QUBITS.tolist(), NUM_PARAMS.tolist()
    for start in range(0, len(circuit), _CHUNK):
        part = slice(start, start + _CHUNK)
        columns = (circuit.op, circuit.qubits, circuit.params, circuit.clbit, circuit.condition, circuit.line)
        for op, qubits, params, clbit, condition, line in zip(
            *(column[part].tolist() for column in columns), strict=True
        ):
            yield ops[op], tuple(qubits[: widths[op]]), tuple(params[: lengths[op]]), clbit, condition, line
