"""Chains: segments that can live on the same copies, so that no e-bit can be assigned to one of them alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dqplan.core.embedding import bridgeable
from dqplan.core.segments import Segments


def chains_of(segments: Segments) -> NDArray[np.int64]:
    """The chain of each segment, shape (s,): a copy that lives through a bridgeable segment joins its neighbours."""
    chain = np.arange(segments.num_segments)
    for stretch in np.flatnonzero(bridgeable(segments)).tolist():
        chain[stretch + 1] = chain[stretch - 1]
    return chain


def interlocked_chains_of(segments: Segments) -> NDArray[np.int64]:
    """Coarser chains, shape (s,), to which the bridgeable segments between belong, too."""
    chain = np.arange(segments.num_segments)
    for stretch in np.flatnonzero(bridgeable(segments)).tolist():
        chain[stretch : stretch + 2] = chain[stretch - 1]
    return chain
