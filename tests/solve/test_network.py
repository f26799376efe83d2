"""Routes and Steiner trees against brute force."""

from __future__ import annotations

from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.hardware import UNREACHABLE, Hardware, Link, Module, Role, ideal_network
from dqplan.solve.network import Network
from tests.solve.circuits import everyone, line
from tests.strategies import networks


def cheapest_tree(network: Network, terminals: frozenset[int]) -> int:
    """The least that connects the terminals: the cheapest spanning tree of any connected set of modules around them."""
    graph = nx.Graph()
    graph.add_nodes_from(range(network.size))
    graph.add_weighted_edges_from((a, b, price) for (a, b), price in network.links.items())
    others = [m for m in range(network.size) if m not in terminals]
    around = (graph.subgraph([*terminals, *more]) for n in range(len(others) + 1) for more in combinations(others, n))
    return min(int(nx.minimum_spanning_tree(part).size("weight")) for part in around if nx.is_connected(part))


def assert_tree(network: Network, home: int, targets: frozenset[int]) -> None:
    """Routes run on links and start where a copy is, targets are reached, no module gets two copies."""
    holders = [home]
    for route in network.tree(home, targets):
        assert route[0] in holders
        assert all((min(a, b), max(a, b)) in network.links for a, b in pairwise(route))
        holders.append(route[-1])
    assert targets <= set(holders)
    assert len(set(holders)) == len(holders)


@given(st.data(), networks(num_qubits=1, max_modules=7, limited=False))
@settings(max_examples=150, deadline=None)
def test_trees_are_as_cheap_as_brute_force(data: st.DataObject, hardware: Hardware) -> None:
    modules = range(hardware.num_modules)
    home = data.draw(st.sampled_from(modules))
    targets = frozenset(data.draw(st.sets(st.sampled_from(modules)))) - {home}
    network = Network(hardware)
    assert_tree(network, home, targets)
    assert network.tree_price(home, targets) == cheapest_tree(network, targets | {home})


@given(st.data(), networks(num_qubits=1, max_modules=7, limited=False))
@settings(max_examples=60, deadline=None)
def test_long_trees_are_legal_and_no_cheaper_than_possible(data: st.DataObject, hardware: Hardware) -> None:
    """The way that is taken beyond seven targets, which is not exact."""
    modules = list(range(hardware.num_modules))
    home = data.draw(st.sampled_from(modules))
    network = Network(hardware)
    targets = frozenset(modules) - {home}
    network._trees[home, targets] = network._nearest_first(home, sorted(targets))
    assert_tree(network, home, targets)
    assert network.tree_price(home, targets) == cheapest_tree(network, frozenset(modules))


def test_a_star_of_nine_parts_at_its_middle() -> None:
    hardware = ideal_network("star", [1] * 10, None, [(0, i) for i in range(1, 10)])
    assert Network(hardware).tree_price(1, frozenset(range(2, 10))) == 9


def test_repeaters_hold_no_copies() -> None:
    """Around a repeater, each copy pays its whole way; around a module that may hold one, they share it."""
    for role, ebits in ((Role.REPEATER, 4), (Role.COMMUNICATION, 3)):
        modules = (Module("hub", 0, role=role), *(Module(f"m{i}", 1) for i in range(3)))
        network = Network(Hardware("star", modules, tuple(Link(0, i) for i in (1, 2, 3))))
        assert network.tree_price(1, frozenset({2, 3})) == ebits


def test_copies_rest_where_there_is_one_comm_qubit() -> None:
    """In a data qubit, if copies may rest; a module without data qubits is a dead end."""
    network = Network(line(3, 2, comm=1))
    assert network.distance[0, 2] == 2
    assert network.tree(0, frozenset({2})) == ((0, 1), (1, 2))
    assert network.tree(1, frozenset({0, 2})) == ((1, 0), (1, 2))
    modules = (Module("a", 2, 1), Module("hub", 0, 1, role=Role.COMMUNICATION), Module("b", 2, 1))
    hollow = Hardware("line", modules, (Link(0, 1), Link(1, 2)))
    for blocked in (Network(line(3, 2, comm=1), rests=False), Network(hollow)):
        assert blocked.distance[0, 1] == 1
        assert blocked.distance[0, 2] == UNREACHABLE
        assert blocked.groups == [[0, 1, 2]] or blocked.groups == [[0], [2]]
        with pytest.raises(ValueError, match="no route"):
            blocked.route(0, 2)
    assert Network(line(3, 2, comm=1), relaxed=True).tree(0, frozenset({2})) == ((0, 1, 2),)


def weighted_triangle(direct: float) -> Hardware:
    """Three modules, all linked; an e-bit between the first and the last counts `direct`."""
    modules = tuple(Module(f"m{i}", 2) for i in range(3))
    return Hardware("triangle", modules, (Link(0, 1), Link(1, 2), Link(0, 2, weight=direct)))


def test_prices_stand_to_each_other_as_weights() -> None:
    """Whole multiples stay exact; others are rounded to a twelfth of the smallest; equal weights all cost 1."""
    assert Network(weighted_triangle(3)).links == {(0, 1): 1, (1, 2): 1, (0, 2): 3}
    assert Network(weighted_triangle(0.5)).links == {(0, 1): 2, (1, 2): 2, (0, 2): 1}
    assert Network(weighted_triangle(1.25)).links == {(0, 1): 4, (1, 2): 4, (0, 2): 5}
    assert Network(weighted_triangle(1.0)).complete
    assert not Network(weighted_triangle(1.25)).complete


def test_a_detour_is_taken_where_it_is_cheaper() -> None:
    """And counts as the e-bits that it takes."""
    assert Network(weighted_triangle(1.75)).route(0, 2) == (0, 2)
    around = Network(weighted_triangle(3))
    assert around.route(0, 2) == (0, 1, 2)
    assert (around.distance[0, 2], around.route_ebits[0, 2]) == (2, 2)


def test_no_comm_qubits_is_an_island() -> None:
    assert Network(everyone(3, 2, comm=0)).groups == [[0], [1], [2]]
