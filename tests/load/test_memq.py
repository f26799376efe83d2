"""Networks of memQ's compiler, read and written."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.errors import HardwareError
from dqplan.core.hardware import Basis, Hardware, Link, Module
from dqplan.load.hardware_files.write_memq import memq_network
from dqplan.load.load_hardware import find_mistakes, load_hardware, read_hardware
from dqplan.load.source import Source

Network = dict[str, Any]


def qubit(kind: str, processor: int, local: list[str], remote: list[str], index: int) -> dict[str, Any]:
    return {
        "type": kind,
        "processorId": processor,
        "localIndex": index,
        "localConnections": local,
        "remoteConnections": remote,
        "coherenceTime": 100,
        "coherenceTimeUnit": "us",
    }


def pair() -> Network:
    """Two processors of two coupled data qubits and one comm qubit, which only the first data qubit reaches."""
    qubits = {}
    for i in (0, 1):
        qubits[f"q_{i}_0"] = qubit("computation", i, [f"q_{i}_1", f"c_{i}_0"], [], 0)
        qubits[f"q_{i}_1"] = qubit("computation", i, [], [], 1)
        qubits[f"c_{i}_0"] = qubit("communication", i, [], [f"c_{1 - i}_0"], 2)
    processors = {str(i): {"id": i, "qubits": {"computation": [f"q_{i}_0", f"q_{i}_1"]}} for i in (0, 1)}
    connections = [{"qubit1": "c_0_0", "qubit2": "c_1_0", "type": "remote", "fidelity": 0.9}]
    return {"processors": processors, "qubits": qubits, "connections": connections}


def read(network: object) -> Hardware:
    return read_hardware(Source("net.json", json.dumps(network, indent=1)))


def test_a_network_is_read_with_couplings_links_fidelities_and_lifetimes() -> None:
    hardware = read(pair())
    assert [(m.name, m.data_qubits, m.comm_qubits, m.coupling) for m in hardware.modules] == [
        ("qpu0", 2, 1, ((0, 1), (0, 2))),
        ("qpu1", 2, 1, ((0, 1), (0, 2))),
    ]
    (link,) = hardware.links
    assert (link.ebit_fidelity, link.parallel_channels, link.rate_hz) == (0.9, 1, None)
    assert hardware.modules[0].t2_s == 1e-4
    assert hardware.basis_counts[Basis.ASSUMED] == len(hardware.provenance)


def test_without_local_indices_the_order_of_the_file_counts() -> None:
    network = pair()
    for each in network["qubits"].values():
        del each["localIndex"]
    assert read(network).digest == read(pair()).digest


def test_local_indices_order_the_qubits() -> None:
    network = pair()
    network["qubits"]["q_0_0"]["localIndex"], network["qubits"]["q_0_1"]["localIndex"] = 1, 0
    assert read(network).modules[0].coupling == ((0, 1), (1, 2))


def test_a_connection_is_read_from_either_end() -> None:
    network = pair()
    network["qubits"]["c_1_0"]["remoteConnections"] = []
    assert read(network).digest == read(pair()).digest


def test_as_many_ebits_are_made_at_once_as_there_are_disjoint_pairs() -> None:
    """Two comm qubits on the left, both joined to the only one on the right: one at a time."""
    network = pair()
    network["qubits"]["d_0"] = qubit("communication", 0, [], ["c_1_0"], 3)
    assert read(network).links[0].parallel_channels == 1
    network["qubits"]["d_1"] = qubit("communication", 1, [], ["d_0"], 3)
    assert read(network).links[0].parallel_channels == 2


@pytest.mark.parametrize(
    ("name", "key", "value", "words"),
    [
        ("q_0_0", "type", "other", "needs a `type`"),
        ("q_0_0", "processorId", "0", "needs a `processorId`"),
        ("q_0_0", "localIndex", -1, "whole number from 0"),
        ("q_0_0", "localConnections", ["q_9"], "joined to `q_9`, which is no qubit"),
        ("c_0_0", "remoteConnections", "c_1_0", "a list of qubits' names"),
        ("c_0_0", "remoteConnections", ["q_0_0"], "a remote connection inside its processor"),
        ("c_0_0", "coherenceTime", 0, "found 0 us"),
        ("c_0_0", "coherenceTimeUnit", "weeks", "found 100 weeks"),
    ],
)
def test_a_mistake_is_told_with_its_line(name: str, key: str, value: object, words: str) -> None:
    network = pair()
    network["qubits"][name][key] = value
    (mistake,) = find_mistakes(Source("net.json", json.dumps(network, indent=1)))
    assert words in mistake.message
    assert mistake.place.line > 10


@pytest.mark.parametrize("wrong", [{"qubits": []}, {"qubits": {}}, {"qubits": {"a": 3}}, {"connections": 3}])
def test_other_nonsense_is_refused_or_passed_over_without_a_crash(wrong: Network) -> None:
    found = find_mistakes(Source("net.json", json.dumps(pair() | wrong)))
    assert bool(found) == ("qubits" in wrong)


@st.composite
def networks(draw: st.DrawFn) -> Hardware:
    """Of data and comm qubits, couplings, lifetimes in steps of 10 us and fidelities, which memQ's files can hold."""
    size = draw(st.integers(1, 5))
    steps = st.none() | st.integers(1, 10).map(lambda tens: float(f"{tens}e-5"))
    modules = []
    for i in range(size):
        data, comm = draw(st.integers(1, 4)), draw(st.integers(1, 3))
        line = tuple((q, q + 1) for q in range(data + comm - 1))
        coupling = draw(st.none() | st.just(line)) if data + comm > 2 else None
        modules.append(Module(f"qpu{i}", data, comm, coupling=coupling, t2_s=draw(steps)))
    links = [
        Link(
            a, b, ebit_fidelity=draw(st.sampled_from([0.5, 0.9, 1.0])), parallel_channels=draw(st.integers(1, smaller))
        )
        for b in range(size)
        for a in range(b)
        if (smaller := min(modules[a].comm_qubits or 0, modules[b].comm_qubits or 0)) and draw(st.booleans())
    ]
    return Hardware("x", tuple(modules), tuple(sorted(links, key=lambda link: (link.a, link.b))))


@settings(max_examples=60, deadline=None)
@given(networks())
def test_what_is_written_is_read_back(hardware: Hardware) -> None:
    again = read(memq_network(hardware))
    assert again.modules == hardware.modules
    assert again.links == hardware.links


def test_what_is_written_has_edges_at_both_ends_and_no_local_indices() -> None:
    network = memq_network(load_hardware("harq_heterogeneous_v0"))
    for name, each in network["qubits"].items():
        assert "localIndex" not in each
        for key in ("localConnections", "remoteConnections"):
            assert all(name in network["qubits"][other][key] for other in each[key])
        assert each["id"] in network["processors"][str(each["processorId"])]["qubits"][each["type"]]


def test_unlimited_comm_qubits_cannot_be_written() -> None:
    with pytest.raises(HardwareError, match="comm qubits of m0 are unlimited"):
        memq_network(load_hardware("all:2x4"))
