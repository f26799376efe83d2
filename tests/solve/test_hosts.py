"""The cover is a minimum: no choice of hosts among the homes needs fewer shares."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.circuit import Circuit
from dqplan.core.normalise import segments_of
from dqplan.solve.hosts import cover_hosts
from dqplan.solve.network import Network
from dqplan.solve.placement import Placement, price_of
from tests.solve.circuits import everyone
from tests.strategies import dynamic_circuits, unitary_circuits


@given(st.data(), unitary_circuits(max_gates=12) | dynamic_circuits(max_gates=12))
@settings(max_examples=100, deadline=None)
def test_no_hosts_among_the_homes_are_cheaper(data: st.DataObject, circuit: Circuit) -> None:
    segments, network = segments_of(circuit), Network(everyone(3, circuit.num_qubits))
    modules = st.lists(st.integers(0, 2), min_size=segments.num_segments, max_size=segments.num_segments)
    home = np.array(data.draw(modules), dtype=np.int16)
    host = cover_hosts(segments, network, home)
    choices = [sorted({int(home[a]), int(home[b])}) for a, b in segments.gate_pairs]
    assert all(h in choice for h, choice in zip(host, choices, strict=True)) or (home[1:] != home[:-1]).any()
    if np.prod([len(choice) for choice in choices]) > 512:
        return
    best = min(
        price_of(segments, network, Placement(home, np.array(hosts, dtype=np.int16))) for hosts in product(*choices)
    )
    assert price_of(segments, network, Placement(home, host)) == best
