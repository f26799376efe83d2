"""What a set of results says together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import geometric_mean

from tests.benchmarks.results import Result

FAMILIES = {
    "adders": ("adder",),
    "AE": ("ae_",),
    "multipliers": ("multiplier",),
    "W states": ("wstate", "w_"),
    "Grover": ("grover",),
    "random": ("random",),
    "QFT, phase estimation": ("qft", "aqft", "qpe", "iterative_qpe"),
    "QAOA": ("qaoa",),
    "VQE, QNN": ("vqe", "qnn"),
    "GHZ, graph states": ("ghz", "graphstate", "cluster"),
    "hidden strings": ("bv", "dj", "bernstein", "hidden"),
}
"""Family, and what the names of its circuits begin with; adders are named after their inventors, so anywhere."""

OTHER = "other"
MOVING = ("adders", "AE", "multipliers", "W states", "Grover", "random")
"""Families where qubits that move from module to module save most."""
UNBOUNDED = ("multipliers", "random")
"""Families whose bounds are not held against the factor of two."""


def family_of(result: Result) -> str:
    """The family of a result's circuit."""
    name = result.instance.name
    for family, beginnings in FAMILIES.items():
        if name.startswith(beginnings) or (family == "adders" and "adder" in name):
            return family
    return OTHER


@dataclass(frozen=True)
class Standing:
    """How some results compare with the peers' best.

    Attributes:
        name: of the set of results.
        results: those with peers.
    """

    name: str
    results: Sequence[Result]

    @property
    def mean_ratio(self) -> float:
        """Geometric mean of e-bits over the best peer's."""
        return geometric_mean(result.ratio or 1 for result in self.results)

    @property
    def ebits(self) -> int:
        """Sum of e-bits."""
        return sum(result.ebits for result in self.results)

    @property
    def best_peers(self) -> int:
        """Sum of the best peers' e-bits."""
        return sum(result.best_peers[0] for result in self.results if result.best_peers)

    def count(self, better: int) -> int:
        """How many results are better (-1), equal (0) or worse (1) than the best peer."""
        ratios = [result.ratio or 1 for result in self.results]
        return sum((ratio > 1) - (ratio < 1) == better for ratio in ratios)


def standings(results: Iterable[Result]) -> list[Standing]:
    """One standing for each family that occurs, then for the families where homes move, then for all."""
    rivals = [result for result in results if result.ratio is not None]
    by_family = [Standing(name, [r for r in rivals if family_of(r) == name]) for name in [*FAMILIES, OTHER]]
    moving = Standing(", ".join(MOVING), [r for r in rivals if family_of(r) in MOVING])
    return [standing for standing in [*by_family, moving, Standing("all", rivals)] if standing.results]


def losses(results: Iterable[Result]) -> list[Result]:
    """Where a peer needs fewer e-bits, the worst first."""
    worse = [result for result in results if (result.ratio or 1) > 1]
    return sorted(worse, key=lambda result: result.ratio or 1, reverse=True)


def shares_of_proofs(results: Sequence[Result]) -> list[str]:
    """Two sentences on the bounds, of relaxed accounting."""
    relaxed = [result for result in results if result.instance.accounting == "relaxed"]
    pairs = [r for r in relaxed if r.num_qubits == 16 and r.num_modules == 2]
    middle = [r for r in relaxed if 16 <= r.num_qubits <= 32 and family_of(r) not in UNBOUNDED]
    return [
        _share(pairs, lambda r: r.optimal, "instances of 16 qubits on two modules are proved optimal"),
        _share(
            middle,
            lambda r: r.ebits <= 2 * r.bound,
            "instances of 16 to 32 qubits, neither random nor multipliers, cost at most twice the bound",
        ),
    ]


def _share(results: Sequence[Result], holds: Callable[[Result], bool], what: str) -> str:
    return f"{sum(map(holds, results))} of {len(results)} {what}"
