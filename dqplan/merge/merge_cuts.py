"""Results of subexperiments x cuts.json -> Estimates of what the whole circuit gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from dqplan.core.circuit import Register, bit_names
from dqplan.core.counts import outcome_name
from dqplan.core.errors import ResultsError
from dqplan.core.estimates import Estimate, Estimates, bits_of_text
from dqplan.load.cut_islands import read_islands
from dqplan.load.cuts_document import CUTS_FILE, CutsDocument, cuts_document_of_text
from dqplan.load.results import Bits
from dqplan.load.source import Source
from dqplan.merge.cut_sum import CutSum, Numbers, Watch, cut_sum
from dqplan.merge.cut_tables import Sample, samples_of

MOST_OUTCOMES = 4096
"""Quasi-probabilities of more outcomes are not listed; expectations are still right."""


def merge_cuts(files: Mapping[str, str], results: Mapping[str, Source], parities: Sequence[str] = ()) -> Estimates:
    """What the circuit would give, from the results of all subexperiments.

    Args:
        files: texts of the directory, by name.
        results: by the name of the subexperiment, such as `island0/3`: counts, shots, or probabilities by outcome.
        parities: products of Z of bits, such as `c[0] c[1]`; if there are none, of each bit and of all, and
            quasi-probabilities of outcomes beside them.

    Raises:
        PlanError: the directory is incomplete or damaged.
        ResultsError: results are missing, damaged, or do not fit.
        UsageError: there is no bit of a name in `parities`.

    >>> import json
    >>> import dqplan
    >>> from dqplan.load.load_circuit import circuit_of_text
    >>> from dqplan.load.source import Source
    >>> text = 'OPENQASM 3; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;'
    >>> bell = dqplan.segments_of(circuit_of_text(text, "bell.qasm"))
    >>> cut = dqplan.cut_circuit(bell, dqplan.load_hardware("all:2x1+0"), max_overhead=9)
    >>> files = dqplan.cut_files(cut, [dqplan.split_circuit(plan) for plan in dqplan.plan_islands(cut)])
    >>> coin, same = {"0 0": 0.5, "0 1": 0.5}, {"0 0": 0.5, "1 1": 0.5}
    >>> any_two = {"0 0": 0.25, "0 1": 0.25, "1 0": 0.25, "1 1": 0.25}
    >>> found = [[coin, coin, same, coin, coin], [coin, coin, {"0 0": 1.0}, {"0 1": 1.0}, any_two]]
    >>> results = {
    ...     f"island{island}/{number}": Source("", json.dumps(each))
    ...     for island, row in enumerate(found)
    ...     for number, each in enumerate(row)
    ... }
    >>> [(each.name, round(each.value, 9)) for each in dqplan.merge_cuts(files, results, ["c[0]", "c"]).parities]
    [('c[0]', 0.0), ('c[0] c[1]', 1.0)]
    """
    document = cuts_document_of_text(files[CUTS_FILE])
    registers = _registers(document)
    islands = read_islands(document, files)
    measured = sorted(bit for part in document.islands for bit in part.clbits)
    if not measured:
        raise ResultsError("the circuit measures nothing", hint="there is nothing to merge")
    names = bit_names(registers)
    asked = [bits_of_text(text, registers) for text in parities] or [
        *[(bit,) for bit in measured],
        *([tuple(measured)] if len(measured) > 1 else []),
    ]
    samples = samples_of(document, islands, results)
    total = cut_sum(document, samples)
    expectations = [
        Estimate(
            " ".join(names[bit] for bit in bits),
            *total.estimate([_parity(part.clbits, bits) for part in document.islands]),
        )
        for bits in asked
    ]
    if parities:
        return Estimates(registers, tuple(expectations), (), total.shots, document.overhead)
    number, outcomes = _outcomes(document, samples, total, registers)
    note = (
        "" if outcomes else f"{number:,} outcomes are possible; quasi-probabilities are listed up to {MOST_OUTCOMES:,}"
    )
    return Estimates(registers, tuple(expectations), outcomes, total.shots, document.overhead, note)


def _registers(document: CutsDocument) -> tuple[Register, ...]:
    registers, start = [], 0
    for part in document.circuit.registers:
        registers.append(Register(part.name, start, part.size))
        start += part.size
    return tuple(registers)


def _parity(clbits: Sequence[int], bits: Sequence[int]) -> Watch:
    """+1 or -1 for each row: the product of Z of those of the bits that an island has."""
    columns = [column for column, clbit in enumerate(clbits) if clbit in bits]
    return lambda rows: np.asarray(1.0 - 2.0 * (rows[:, columns].sum(axis=1) % 2), dtype=np.float64)


def _is(bits: Bits) -> Watch:
    """1 for the rows that begin with some bits, 0 for all others."""

    def watch(rows: Bits) -> Numbers:
        return np.asarray((rows[:, : len(bits)] == bits).all(axis=1), dtype=np.float64)

    return watch


def _outcomes(
    document: CutsDocument,
    samples: Sequence[Mapping[tuple[str, ...], Sample]],
    total: CutSum,
    registers: Sequence[Register],
) -> tuple[int, tuple[Estimate, ...]]:
    """How many outcomes are possible, and their quasi-probabilities, the largest first, if they are not too many."""
    found = [
        np.unique(np.concatenate([sample.bits[:, : len(part.clbits)] for sample in each.values()]), axis=0)
        for part, each in zip(document.islands, samples, strict=True)
    ]
    number = int(np.prod([len(rows) for rows in found], dtype=np.float64))
    if number > MOST_OUTCOMES:
        return number, ()
    listed = _listed(document, found, total, registers)
    return number, tuple(sorted(listed, key=lambda outcome: (-outcome.value, outcome.name)))


def _listed(
    document: CutsDocument, found: Sequence[Bits], total: CutSum, registers: Sequence[Register]
) -> Iterator[Estimate]:
    whole = np.zeros(sum(register.size for register in registers), dtype=np.uint8)
    for rows in product(*found):
        for part, row in zip(document.islands, rows, strict=True):
            whole[part.clbits] = row
        yield Estimate(outcome_name(registers, whole), *total.estimate([_is(row) for row in rows]))
