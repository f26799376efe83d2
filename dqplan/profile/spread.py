"""Least, mean and greatest: how lists are summed up throughout the profile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dqplan.core.profile import Spread


def spread_of(values: Sequence[int] | NDArray[np.int64]) -> Spread:
    """The spread of whole numbers; zeros for none."""
    array = np.asarray(values, dtype=np.int64)
    if not array.size:
        return Spread(0, 0.0, 0)
    return Spread(int(array.min()), float(array.mean()), int(array.max()))
