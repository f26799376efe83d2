"""Certificate: why no plan needs fewer e-bits, in a form that whole numbers alone can check.

*Weights.* In any plan, let x(c) be the e-bits that the segments of chain c consume (`core.chains`). A *block* is a run
of segments of one wire; its weight is the sum of x over the chains that it touches. In a block of weight 0, nothing is
copied and nothing moves: the qubit spends it in one module. If a gate joins two such blocks, or one goes on where the
other ends, it is the same module, because a gate runs where both qubits are.

*One inequality.* Take a core, some blocks with the property that those left after deleting fewer than k of them are
always connected, and trees of further blocks that grow from it, each block joined to its parent. Look at one end of a
time slice. Let size(b) count the wires whose current segment lies in b or in what grows from b, let N be the
number of all these wires, and r = N - C, where C is the most qubits that one module can hold. If r > 0, then

    sum of a(b) x(b) >= r   with   a(b) = size(b) for a block of the trees, max(size(b), r / k) for one of the core.

Proof. Suppose that the sum is smaller, and delete the blocks whose weight is not 0. Weights are whole numbers, so fewer
than k blocks of the core go, and what is left of it is connected. With it hangs together all that had no deleted block
on its way to it; the deleted ones took fewer than r wires with them. So more than C wires are at the same moment in
one module, which it cannot hold. For the same reason a coefficient larger than r may be lowered to r.

*Together.* Inequalities times numbers >= 0 may be added. If then no chain has a coefficient above 1, the right-hand
side is at most the sum of all x, which is the number of e-bits.

*Cuts.* The same holds if x counts only the e-bits over the links between two sides of the network, "module" means side,
and runs of chains that interlock take the place of chains (a qubit that moves while copies of it live through a stretch
is then still counted). Cuts that have no link in common add up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Block:
    """A run of segments of one wire.

    Attributes:
        first, last: segment numbers.
        parent: place of the block that it grows from, which stands before it; -1 in the core.
    """

    first: int
    last: int
    parent: int


@dataclass(frozen=True)
class Inequality:
    """One inequality and the number that it is multiplied by.

    Attributes:
        multiplier: at least 1, in units of 1 / `Part.unit`.
        moment: row of `slice_ends`.
        connectivity: k; any two blocks of the core that are not joined have at least k common neighbours in the core.
        blocks: the core first.
    """

    multiplier: int
    moment: int
    connectivity: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """Inequalities that bound all e-bits together, or those over each of some cuts.

    Attributes:
        cuts: one side of each cut, as module indices; empty for all e-bits.
        capacity: C, the most qubits that one module, or one side of any of the cuts, can hold.
        unit: common denominator of the multipliers.
        value: the sum of the multiplied right-hand sides.
        inequalities: what is added.
    """

    cuts: tuple[tuple[int, ...], ...]
    capacity: int
    unit: int
    value: Fraction
    inequalities: tuple[Inequality, ...]

    @property
    def ebits(self) -> int:
        """What is proved: e-bits are whole, over each cut."""
        return math.ceil(self.value) * max(1, len(self.cuts))


@dataclass(frozen=True)
class Certificate:
    """A proof that all plans of the class need `ebits`: one part for all e-bits, or parts for disjoint cuts."""

    parts: tuple[Part, ...]

    @property
    def ebits(self) -> int:
        """The bound."""
        return sum(part.ebits for part in self.parts)
