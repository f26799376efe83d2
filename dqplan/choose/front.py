"""Candidates -> those that no other one dominates, by e-bits, makespan and fidelity."""

from __future__ import annotations

from collections.abc import Iterable

from dqplan.choose.judge import Candidate


def undominated(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The Pareto front, the fewest e-bits first; of candidates with equal figures, the first."""
    front: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda found: found.figures):
        # Whatever dominates a candidate comes before it, and what was left out is dominated by one that was kept.
        if not any(kept.figures == candidate.figures or kept.figures.dominates(candidate.figures) for kept in front):
            front.append(candidate)
    return front
