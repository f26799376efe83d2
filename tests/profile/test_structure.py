"""Normal form, interaction graph and linear cuts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from dqplan.core.circuit import Circuit
from dqplan.core.gates import Op
from dqplan.core.normalise import segments_of
from dqplan.core.profile import Cut, Spread
from dqplan.profile import interaction
from dqplan.profile.interaction import describe_interaction
from dqplan.profile.normal_form import describe_normal_form
from dqplan.profile.packets import packets_across
from tests.profile.circuits import circuit_of, cluster, ghz, qft
from tests.strategies import dynamic_circuits


def test_segments_of_ghz() -> None:
    """Every CX begins a segment on its target; the first qubit has one segment, the others two, one of them empty."""
    form = describe_normal_form(segments_of(ghz(5)))
    assert (form.gates_before, form.gates, form.cancelled) == (4, 4, 0)
    assert form.gates_per_segment == Spread(1, 1.0, 1)
    assert form.segments_with_gates == 8


def test_segments_of_qft() -> None:
    """All controlled phases before the H of a qubit are one packet, all behind it another."""
    form = describe_normal_form(segments_of(qft(6)))
    assert form.segments_with_gates == 10
    assert form.gates_per_segment.most == 5
    assert form.gate_segments_per_qubit == Spread(1, 10 / 6, 2)


def test_merging_and_cancelling() -> None:
    rows = [(Op.CP, (0, 1), (0.5,))] * 3 + [(Op.CZ, (1, 2)), (Op.CZ, (1, 2)), (Op.SWAP, (0, 2))]
    form = describe_normal_form(segments_of(circuit_of(3, *rows)))
    assert (form.gates_before, form.cancelled, form.gates) == (5, 2, 1)
    assert form.compression == 5


def test_a_circuit_without_gates_has_no_compression() -> None:
    assert describe_normal_form(segments_of(circuit_of(2, (Op.H, (0,))))).compression is None


@settings(max_examples=60, deadline=None)
@given(dynamic_circuits(max_gates=20))
def test_no_more_gates_are_left_than_there_were(circuit: Circuit) -> None:
    segments = segments_of(circuit)
    form = describe_normal_form(segments)
    assert form.cancelled >= 0
    assert form.gates_before == form.cancelled + segments.merged.sum()


def test_interaction_of_a_chain() -> None:
    graph = describe_interaction(segments_of(ghz(6)))
    assert (graph.edges, graph.degree, graph.components) == (5, Spread(1, 10 / 6, 2), (6,))
    assert (graph.bridges, graph.articulation_points, graph.min_cut) == (5, 4, 1)
    assert graph.density == pytest.approx(1 / 3)
    assert graph.cuts.gates == (1,) * 5
    assert graph.cuts.middle == Cut(3, 1, 1, 1)


def test_two_blocks_are_two_communities() -> None:
    """Two complete graphs of four qubits, joined by one gate."""
    blocks = [(Op.CZ, (a + k, b + k)) for k in (0, 4) for b in range(4) for a in range(b)]
    plus = [(Op.H, (i,)) for i in range(8)]
    graph = describe_interaction(segments_of(circuit_of(8, *plus, *blocks, (Op.CZ, (3, 4)))))
    assert graph.communities is not None
    assert graph.communities.sizes == (4, 4)
    assert graph.min_cut == 1
    assert graph.cuts.lightest_balanced == Cut(4, 1, 1, 1)


def test_weights_count_merged_gates_and_swaps_change_names() -> None:
    """After the swap, qubit 2's gate acts on what began as qubit 0."""
    rows = [(Op.CP, (0, 1), (0.5,)), (Op.CP, (0, 1), (0.5,)), (Op.SWAP, (0, 2)), (Op.CP, (2, 1), (0.5,))]
    graph = describe_interaction(segments_of(circuit_of(3, *rows)))
    assert (graph.edges, graph.components, graph.min_cut) == (1, (2, 1), 0)
    assert graph.cuts.gates == (3, 0)
    assert graph.cuts.segment_pairs == (1, 0)


def test_packets_across_the_middle_of_a_grid() -> None:
    """Four gates between two rows join four different segments on either side: no packet serves two of them."""
    cuts = describe_interaction(segments_of(cluster(2, 4))).cuts
    assert cuts.middle == Cut(4, 4, 4, 4)


def test_one_packet_serves_a_whole_segment() -> None:
    star = [(Op.CP, (0, i), (0.1 * i,)) for i in range(1, 6)]
    segments = segments_of(circuit_of(6, *star))
    assert packets_across(segments.gate_pairs, segments.wire > 2) == 1
    assert packets_across(segments.gate_pairs, segments.wire > 9) == 0


@pytest.mark.parametrize("num_qubits", [1, 2])
def test_small_circuits_without_gates(num_qubits: int) -> None:
    graph = describe_interaction(segments_of(circuit_of(num_qubits)))
    assert (graph.edges, graph.communities, graph.components) == (0, None, (1,) * num_qubits)


def test_what_is_too_big_is_left_out_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interaction, "MAX_EDGES", 3)
    monkeypatch.setattr(interaction, "MAX_MIN_CUT_WORK", 3)
    graph = describe_interaction(segments_of(ghz(6)))
    assert graph.communities is graph.bridges is graph.min_cut is None
    assert list(graph.skipped) == ["communities", "bridges", "articulation_points", "min_cut"]
    assert "5 edges" in graph.skipped["bridges"]
