"""One branch of a simulation, and what happens to the tensors of branches outside of gates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dqplan.core.circuit import Condition
from dqplan.core.statevector import State, block_of

NEGLIGIBLE = 1e-14
"""Branches and eigenvalues of smaller probability are dropped."""


@dataclass(frozen=True, eq=False)
class Branch:
    """One history of measurement outcomes that can still be told from the others.

    Attributes:
        state: unnormalised; its squared norm is the probability of the branch.
        flips: bit mask over qubits: a qubit's value is the parity of its axes, inverted where its bit is 1.
        bits: the classical bits, as a bit mask.
    """

    state: State
    flips: int = 0
    bits: int = 0


def condition_holds(condition: Condition, bits: int) -> bool:
    """Whether all comparisons are true for classical bits given as a bit mask."""
    for term in condition.terms:
        found = sum((bits >> clbit & 1) << place for place, clbit in enumerate(term.clbits))
        if (found == term.value) != term.equal:
            return False
    return True


def copy_axis(state: State, source: Sequence[int]) -> State:
    """The state with a new axis in front that repeats the axis in `source`, or is 0 if `source` is empty."""
    copied = np.zeros((2, *state.shape), dtype=np.complex128)
    for value in range(1 << len(source)):
        block = block_of(state.ndim, source, value)
        copied[(value, *block)] = state[block]
    return copied


def project(state: State, axis: Sequence[int], value: int, *, drop: bool) -> State:
    """The part of a state for which the axis in `axis` (none: everything) holds a value."""
    if not axis:
        return state
    block = block_of(state.ndim, axis, value)
    if drop:
        return np.array(state[block])
    kept = np.zeros_like(state)
    kept[block] = state[block]
    return kept


def compress(states: Sequence[State]) -> list[State]:
    """As few states as possible with the same sum of projectors |ψ><ψ|, up to eigenvalues below NEGLIGIBLE."""
    overlaps = np.array([[overlap(left, right) for left in states] for right in states])
    eigenvalues, vectors = np.linalg.eigh(overlaps)
    kept = vectors[:, eigenvalues > NEGLIGIBLE].conj().T
    if len(kept) == len(states):
        return list(states)
    return [sum(factor * state for factor, state in zip(factors, states, strict=True)) for factors in kept]


def overlap(left: State, right: State) -> complex:
    """<left|right>, without BLAS, whose threads cost more than they gain here."""
    a, b = left.reshape(-1), right.reshape(-1)
    real = np.einsum("i,i->", a.real, b.real) + np.einsum("i,i->", a.imag, b.imag)
    imaginary = 0.0 if a is b else np.einsum("i,i->", a.real, b.imag) - np.einsum("i,i->", a.imag, b.real)
    return complex(real, imaginary)
