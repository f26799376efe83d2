"""Results of subexperiments, as rows of an island's bits with weights."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.circuit import Register
from dqplan.core.errors import Place, ResultsError
from dqplan.load.cuts_document import CutsDocument, IslandPart
from dqplan.load.emitted import Emitted
from dqplan.load.results import Bits, Words, results_of_text
from dqplan.load.source import Source
from dqplan.merge.tables import Table, table_of


@dataclass(frozen=True, eq=False)
class Sample:
    """What one subexperiment found.

    Attributes:
        bits: uint8 (rows, bits of the island's circuit): those of its `clbits`, then those of its ends.
        weights: float (rows,), of sum 1.
        shots: None if the weights are exact probabilities.
    """

    bits: Bits
    weights: NDArray[np.float64]
    shots: int | None


def samples_of(
    document: CutsDocument, islands: Sequence[Emitted], results: Mapping[str, Source]
) -> list[dict[tuple[str, ...], Sample]]:
    """For each island, the sample of each subexperiment by its operations.

    Args:
        document: cuts.json.
        islands: their folders, read back.
        results: by the name of the subexperiment, such as `island0/3`; counts, shots or exact probabilities.

    Raises:
        ResultsError: results are missing, of no subexperiment, damaged, or do not fit.
    """
    known = {each.name for island in document.islands for each in island.subexperiments}
    if strange := sorted(set(results) - known):
        raise ResultsError(
            f"{strange[0]!r} is no subexperiment; they are called {min(known)}, …",
            place=Place(results[strange[0]].name),
            hint="name files after them, as results/island0/3.json, or give one JSON object with their names as keys",
        )
    if missing := sorted(known - set(results)):
        raise ResultsError(
            f"results of {len(missing)} of {len(known)} subexperiments are missing, the first is {missing[0]}",
            hint="the sum needs all of them; give files, folders with them, or one JSON object of all",
        )
    return [
        {
            tuple(each.operations): _sample(part, island, each.operations, document, results[each.name])
            for each in part.subexperiments
        }
        for part, island in zip(document.islands, islands, strict=True)
    ]


def _sample(
    part: IslandPart, island: Emitted, operations: Sequence[str], document: CutsDocument, source: Source
) -> Sample:
    measured = [document.operations[name].measured for name in operations]
    exact = _probabilities(source)
    results = results_of_text(source.text, source.name) if exact is None else Words(source.name, tuple(exact), None)
    table = table_of(results, _choices(part, island, any(measured)))
    place = {clbit: column for column, clbit in enumerate(table.clbits)}
    needed = island.clbits[: len(part.clbits)]
    written = {operation.clbit for operation in island.joint if operation.clbit >= 0}
    if lacking := [clbit for clbit in needed if clbit in written and clbit not in place]:
        raise ResultsError(f"{island.clbit_names[lacking[0]]} is not among the results", place=Place(source.name))
    bits = np.zeros((len(table.bits), len(needed) + part.num_ends), dtype=np.uint8)
    for column, clbit in enumerate(island.clbits):
        if clbit in place:
            bits[:, column] = table.bits[:, place[clbit]]
        elif column >= len(needed) and measured[column - len(needed)]:
            raise ResultsError(f"{island.clbit_names[clbit]} is not among the results", place=Place(source.name))
    weights, shots = _weights(table, exact)
    return Sample(bits, weights, shots)


def _choices(part: IslandPart, island: Emitted, any_measured: bool) -> list[list[Register]]:
    """What results may cover: all registers, those of the island's circuit, or of these not that of unmeasured ends."""
    every = list(island.joint.cregs)
    own = [register for register in every if register.start < island.first_message]
    ends = set(island.clbits[len(part.clbits) :])
    choices = [every, own]
    if not any_measured:
        choices.append([register for register in own if register.start not in ends])
    return choices


def _probabilities(source: Source) -> Mapping[str, float] | None:
    """Exact probabilities by outcome, if that is what a text holds: numbers that are not all whole."""
    try:
        content = json.loads(source.text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or not content or not any(type(value) is float for value in content.values()):
        return None
    if any(type(value) not in (int, float) or not -1e-9 <= value <= 1 + 1e-9 for value in content.values()):
        raise ResultsError("a probability is not between 0 and 1", place=Place(source.name))
    if abs(sum(content.values()) - 1) > 1e-6:
        message = f"the probabilities add up to {sum(content.values()):.6g}, not to 1"
        raise ResultsError(message, place=Place(source.name), hint="counts are whole numbers")
    return content


def _weights(table: Table, exact: Mapping[str, float] | None) -> tuple[NDArray[np.float64], int | None]:
    if exact is not None:
        return np.array(list(exact.values()), dtype=np.float64), None
    counts = np.ones(len(table.bits)) if table.counts is None else table.counts.astype(np.float64)
    return counts / counts.sum(), table.shots
