"""Device: one processor as its maker's calibration describes it, qubit by qubit, and what that comes to as a module.

A module has one number for each kind of operation. It is the median over the qubits, or pairs, that work; its note also
says the mean, which a few bad ones make worse (1.4 to 4.3 times as many errors on IBM's processors of 2025 and 2026).
Its uncertainty is half of what lies between the 16th and the 84th percentile: the spread that one qubit drawn at random
has, not that of the median. Pairs whose error is 1 or more do not work, nor do qubits that no working pair joins with
the largest connected part; both are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import PurePath

import numpy as np

from dqplan.core.hardware import Source
from dqplan.core.native import SPELLINGS
from dqplan.core.quantities import MODULE_QUANTITIES
from dqplan.core.units import counted, ranges

_ONE_QUBIT = ("sx", "x", "rx", "ry", "u", "u3", "u2", "h")
"""Gates whose numbers stand for all one-qubit gates: the first that has any. Turns about Z are free, an id idles."""
_TWO_QUBIT = ("cz", "ecr", "cx", "iswap", "rzz", "cp", "rxx", "swap")
"""The same for two-qubit gates, of those that most pairs have."""
_NAMED = 12
"""Qubits that are left out and named."""


class Reduction(StrEnum):
    """What one number of a module is made of those of its qubits."""

    MEDIAN = "median"
    MEAN = "mean"


@dataclass(frozen=True)
class Reduced:
    """One number that stands for many, with the spread of these (None for a single one, or equal ones)."""

    value: float
    uncertainty: float | None
    note: str


def reduced(values: Iterable[float], noun: str, reduction: Reduction) -> Reduced:
    """One number for many.

    Args:
        values: at least one.
        noun: what they are of, in the singular.
        reduction: median or mean; the note says the other one, too.
    """
    sample = np.array(sorted(values), dtype=np.float64)
    median, mean = float(np.median(sample)), float(np.mean(sample))
    if len(sample) == 1:
        return Reduced(_rounded(median), None, f"of one {noun}")
    if sample[0] == sample[-1]:
        return Reduced(_rounded(median), None, f"the same of all {counted(len(sample), noun)}")
    low, high = np.percentile(sample, [16, 84]).tolist()
    spread = float(f"{(high - low) / 2:.3g}")
    value, other = (median, f"mean {mean:.6g}") if reduction is Reduction.MEDIAN else (mean, f"median {median:.6g}")
    worst = f"{sample[0]:.6g} to {sample[-1]:.6g}"
    note = f"{reduction} of {counted(len(sample), noun)}, {other}, {worst}; uncertainty: their spread"
    return Reduced(_rounded(value), spread or None, note)


def _rounded(value: float) -> float:
    """Without what floating point adds, as in 1 - 0.001."""
    return float(f"{value:.9g}")


Pair = tuple[int, int]
Sample = dict[tuple[int, ...], float]


@dataclass
class Survey:
    """What a file tells about a device, as it is found.

    Attributes:
        name, source, date: of the device, the file, and the calibration (empty if the file does not say).
        num_qubits: of the device.
        errors, seconds: by gate and qubits, in the file's order; `measure` and `reset` are gates, too.
        numbers: by quantity and qubit, such as `t1_s`.
        pairs: that gates can act on, in either order, as far as a coupling map says.
        gates: names, in the file's order.
        faulty: qubits that are said not to work.
        dead: pairs that are said not to work.
    """

    name: str
    source: str
    date: str
    num_qubits: int
    errors: dict[str, Sample] = field(default_factory=dict)
    seconds: dict[str, Sample] = field(default_factory=dict)
    numbers: dict[str, Sample] = field(default_factory=dict)
    pairs: set[Pair] = field(default_factory=set)
    gates: list[str] = field(default_factory=list)
    faulty: set[int] = field(default_factory=set)
    dead: set[Pair] = field(default_factory=set)

    def note_gate(self, gate: str, qubits: tuple[int, ...], error: float | None, seconds: float | None) -> None:
        """Keep what is told about one gate on one or two qubits."""
        if gate not in self.gates:
            self.gates.append(gate)
        self.errors.setdefault(gate, {})
        if error is not None:
            self.errors[gate][qubits] = error
        if seconds is not None:
            self.seconds.setdefault(gate, {})[qubits] = seconds
        if len(qubits) == 2:
            self.pairs.add(qubits)

    def device(self) -> Device:
        """What it comes to."""
        one = next((gate for gate in _ONE_QUBIT if self._has(gate)), "")
        most = max((self._has(gate) for gate in _TWO_QUBIT), default=0)
        two = next((gate for gate in _TWO_QUBIT if most and self._has(gate) == most), "")
        errors = _by_pair(self.errors.get(two, {}))
        joined = {_pair(*pair) for pair in self.pairs}
        dead = {pair for pair in joined if errors.get(pair, 0.0) >= 1} | {_pair(*pair) for pair in self.dead}
        faulty = self.faulty | {qubits[0] for qubits, error in self.errors.get(one, {}).items() if error >= 1}
        works = {pair for pair in joined - dead if not faulty & set(pair)}
        samples = {
            "one_qubit.fidelity": _fidelities(self.errors.get(one, {})),
            "one_qubit.duration_s": self.seconds.get(one, {}),
            "two_qubit.fidelity": _fidelities(errors),
            "two_qubit.duration_s": _by_pair(self.seconds.get(two, {})),
            "readout.fidelity": _fidelities(self.errors.get("measure", {})),
            "readout.duration_s": self.seconds.get("measure", {}),
            "reset.fidelity": _fidelities(self.errors.get("reset", {})),
            "reset.duration_s": self.seconds.get("reset", {}),
            **self.numbers,
        }
        gates = tuple(gate for gate in self.gates if gate in SPELLINGS and gate != "id")
        return Device(
            name=self.name,
            source=self.source,
            date=self.date,
            num_qubits=self.num_qubits,
            faulty=frozenset(faulty),
            pairs=frozenset(works),
            dead=frozenset(dead),
            gates=gates,
            one_qubit_gate=one,
            two_qubit_gate=two,
            samples={name: sample for name, sample in samples.items() if sample},
        )

    def _has(self, gate: str) -> int:
        """How many numbers there are of a gate."""
        return len({tuple(sorted(qubits)) for qubits in (*self.errors.get(gate, {}), *self.seconds.get(gate, {}))})


@dataclass(frozen=True, eq=False)
class Device:
    """One processor.

    Attributes:
        name, source, date: of the device, the file, and the calibration.
        num_qubits: working or not.
        faulty: qubits that do not work.
        pairs: a < b, that two-qubit gates can act on and that work; none if no coupling is known.
        dead: those that do not work.
        gates: native gates that dqplan knows.
        one_qubit_gate, two_qubit_gate: whose numbers are taken; empty if there are none.
        samples: by quantity (`two_qubit.fidelity`) and qubits.
    """

    name: str
    source: str
    date: str
    num_qubits: int
    faulty: frozenset[int]
    pairs: frozenset[Pair]
    dead: frozenset[Pair]
    gates: tuple[str, ...]
    one_qubit_gate: str
    two_qubit_gate: str
    samples: Mapping[str, Mapping[tuple[int, ...], float]]

    @cached_property
    def working(self) -> Sequence[int]:
        """The qubits of the largest part that working pairs connect, in order; all that work if there are no pairs."""
        left = [qubit for qubit in range(self.num_qubits) if qubit not in self.faulty]
        if not self.pairs:
            return left
        beside: dict[int, list[int]] = {qubit: [] for qubit in left}
        for a, b in self.pairs:
            beside[a].append(b)
            beside[b].append(a)
        largest: list[int] = []
        seen: set[int] = set()
        for start in left:
            part = _reached(start, beside, seen)
            largest = part if len(part) > len(largest) else largest
        return sorted(largest)

    def numbers(self, reduction: Reduction = Reduction.MEDIAN) -> dict[str, Reduced]:
        """The numbers of a module that are known, each over what works."""
        working = set(self.working)
        found = {}
        for name, sample in self.samples.items():
            pairs = MODULE_QUANTITIES[name].qubits == 2
            good = [value for qubits, value in sample.items() if self._counts(qubits, working)]
            if good:
                found[name] = reduced(good, "pair" if pairs else "qubit", reduction)
        return found

    def without_worse(self, most: float) -> Device:
        """The device as if pairs whose error exceeds `most` did not work; those whose error is unknown do."""
        known = self.samples.get("two_qubit.fidelity", {})
        worse = {pair for pair in self.pairs if 1 - known.get(pair, 1.0) > most}
        return replace(self, pairs=self.pairs - worse, dead=self.dead | worse) if worse else self

    def gate_of(self, operation: str) -> str:
        """The gate whose numbers stand for an operation of modules, such as `two_qubit`; empty if it is none."""
        return {"one_qubit": self.one_qubit_gate, "two_qubit": self.two_qubit_gate}.get(operation, "")

    @property
    def cited(self) -> Source:
        """What its numbers cite."""
        file = PurePath(self.source.strip("<>")).name
        of = f" of {self.name}" if self.name else f" in {file}"
        of = of if file else f" in Qiskit's target {self.name}"
        date = self.date[:10]
        key = " ".join(filter(None, (file or self.name, date)))
        return Source(
            key, ", ".join(filter(None, (f"Calibration{of}", date))), file, "every qubit and pair", "computed"
        )

    def left_out(self) -> str:
        """What does not work, in words; empty if all does."""
        lost = sorted(set(range(self.num_qubits)) - set(self.working))
        named = f" ({ranges(lost)})" if lost and len(lost) <= _NAMED else ""
        parts = [f"{counted(len(lost), 'qubit')}{named}"] if lost else []
        parts += [counted(len(self.dead), "pair")] if self.dead else []
        return f"{' and '.join(parts)} that do not work, or not well enough, are left out" if parts else ""

    def _counts(self, qubits: tuple[int, ...], working: set[int]) -> bool:
        if len(qubits) == 2 and _pair(*qubits) not in self.pairs:
            return False
        return working.issuperset(qubits)


def _reached(start: int, beside: Mapping[int, list[int]], seen: set[int]) -> list[int]:
    """What is connected with a qubit and was not seen before."""
    found = [] if start in seen else [start]
    seen.add(start)
    for qubit in found:
        fresh = [other for other in beside[qubit] if other not in seen]
        seen.update(fresh)
        found += dict.fromkeys(fresh)
    return found


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _by_pair(sample: Sample) -> dict[tuple[int, ...], float]:
    """Of both directions of a pair the smaller number: the native direction, without the turns that reverse it."""
    found: dict[tuple[int, ...], float] = {}
    for qubits, value in sample.items():
        pair = tuple(sorted(qubits))
        found[pair] = min(value, found.get(pair, value))
    return found


def _fidelities(errors: Mapping[tuple[int, ...], float]) -> Sample:
    return {qubits: 1 - error for qubits, error in errors.items() if error < 1}
