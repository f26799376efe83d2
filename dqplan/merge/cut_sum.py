"""The sum over all terms of all cuts, and how far off samples may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from dqplan.core.errors import Place, PlanError
from dqplan.load.cuts_document import CUTS_FILE, CutsDocument
from dqplan.load.results import Bits
from dqplan.merge.cut_tables import Sample

Numbers = NDArray[np.float64]
Watch = Callable[[Bits], Numbers]
"""What is looked at in an island: a number for each row of the bits of its circuit."""


@dataclass(frozen=True, eq=False)
class Part:
    """An island in the sum: which terms of its cuts look at which sample, and with which sign for each row.

    Attributes:
        cuts: numbers of the cuts that have an end in it.
        shape: how many terms each of them has.
        samples: its subexperiments'.
        uses: for each sample, the terms (one index in `shape` each) and their signs, shape (terms, rows).
    """

    cuts: tuple[int, ...]
    shape: tuple[int, ...]
    samples: Sequence[Sample]
    uses: Sequence[tuple[NDArray[np.int64], Numbers]]

    def values(self, watch: Watch) -> Numbers:
        """The mean of what is looked at, for each choice of terms."""
        means = np.zeros(math.prod(self.shape))
        for sample, (terms, signs) in zip(self.samples, self.uses, strict=True):
            means[terms] = signs @ (sample.weights * watch(sample.bits))
        return means.reshape(self.shape)

    def variance(self, watch: Watch, slopes: Numbers) -> float:
        """Of the sum, as far as this island's samples make it: `slopes` are its derivatives by `values`."""
        total = 0.0
        for sample, (terms, signs) in zip(self.samples, self.uses, strict=True):
            if sample.shots is None:
                continue
            worth = (slopes.ravel()[terms] @ signs) * watch(sample.bits)
            mean = float(sample.weights @ worth)
            spread = float(sample.weights @ (worth - mean) ** 2)
            total += spread / (sample.shots - 1) if sample.shots > 1 else math.inf * (spread or 1)
        return total


@dataclass(frozen=True, eq=False)
class CutSum:
    """Coefficients and islands.

    Attributes:
        coefficients: of the terms of each cut.
        parts: the islands.
    """

    coefficients: Sequence[Numbers]
    parts: Sequence[Part]

    def estimate(self, watches: Sequence[Watch]) -> tuple[float, float | None]:
        """The expectation of a product over the islands, and its standard error to first order.

        Sums are products of means, so errors of different samples add up in squares, each times its derivative.
        None where results are exact or a sample has one shot only.
        """
        values = [part.values(watch) for part, watch in zip(self.parts, watches, strict=True)]
        mean = float(self._contracted(values, -1))
        if all(sample.shots is None for part in self.parts for sample in part.samples):
            return mean, None
        variance = sum(
            part.variance(watch, np.asarray(self._contracted(values, number)))
            for number, (part, watch) in enumerate(zip(self.parts, watches, strict=True))
        )
        return mean, math.sqrt(variance) if math.isfinite(variance) else None

    def _contracted(self, values: Sequence[Numbers], spared: int) -> Numbers:
        """The sum over all terms; without one island's values it is the derivative by them."""
        operands: list[object] = []
        for cut, coefficients in enumerate(self.coefficients):
            operands += [coefficients, [cut]]
        for number, (part, value) in enumerate(zip(self.parts, values, strict=True)):
            if number != spared:
                operands += [value, list(part.cuts)]
        output = list(self.parts[spared].cuts) if spared >= 0 else []
        return np.asarray(np.einsum(*operands, output, optimize="greedy"))  # type: ignore[call-overload]

    @cached_property
    def shots(self) -> int | None:
        """Of all samples together; None if they are exact."""
        known = [sample.shots for part in self.parts for sample in part.samples]
        return None if None in known else sum(shots or 0 for shots in known)


def cut_sum(document: CutsDocument, samples: Sequence[Mapping[tuple[str, ...], Sample]]) -> CutSum:
    """Put coefficients and samples together.

    Args:
        document: cuts.json.
        samples: for each island, by operations.
    """
    coefficients = [np.array([term.coefficient for term in cut.terms]) for cut in document.cuts]
    return CutSum(coefficients, [_part(document, number, each) for number, each in enumerate(samples)])


def _part(document: CutsDocument, island: int, samples: Mapping[tuple[str, ...], Sample]) -> Part:
    cuts = tuple(c for c, cut in enumerate(document.cuts) if any(end[0] == island for end in cut.ends))
    shape = tuple(len(document.cuts[cut].terms) for cut in cuts)
    num_ends = document.islands[island].num_ends
    users: dict[tuple[str, ...], list[tuple[int, list[int]]]] = {operations: [] for operations in samples}
    for number, choice in enumerate(product(*(range(size) for size in shape))):
        operations, signed = [""] * num_ends, []
        for cut, term in zip(cuts, choice, strict=True):
            told = document.cuts[cut]
            for (home, end), operation, turns in zip(
                told.ends, told.terms[term].operations, told.terms[term].signed, strict=True
            ):
                if home == island:
                    operations[end] = operation
                    signed += [end] * turns
        if tuple(operations) not in users:
            message = f"{document.islands[island].name} lacks the operations {', '.join(operations)}"
            raise PlanError(message, place=Place(CUTS_FILE), hint="write the directory again with `dqplan split`")
        users[tuple(operations)].append((number, signed))
    first = len(document.islands[island].clbits)
    uses = [_use(sample, users[operations], first) for operations, sample in samples.items()]
    return Part(cuts, shape, list(samples.values()), uses)


def _use(sample: Sample, users: Sequence[tuple[int, Sequence[int]]], first: int) -> tuple[NDArray[np.int64], Numbers]:
    """The terms that look at a sample, and the sign that each gives to each row."""
    signs = [1.0 - 2.0 * (sample.bits[:, [first + end for end in signed]].sum(axis=1) % 2) for _, signed in users]
    return np.array([number for number, _ in users], dtype=np.int64), np.array(signs).reshape(
        len(users), len(sample.bits)
    )
