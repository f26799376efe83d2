"""What a proof leaves behind: a bound, and inequalities that a search may use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dqplan.core.plan import Bound


@dataclass(frozen=True, eq=False)
class Row:
    """An inequality that the e-bits spent in each segment satisfy in every plan.

    Attributes:
        coefficients: int64 (num_segments,), >= 0.
        bound: what the products with the e-bits add up to, at least.
    """

    coefficients: NDArray[np.int64]
    bound: int


@dataclass(frozen=True)
class Proved:
    """A bound, and inequalities from which a search may learn."""

    bound: Bound
    rows: tuple[Row, ...] = ()
