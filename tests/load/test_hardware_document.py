"""Hardware as plain data, as plan.json holds it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.errors import HardwareError
from dqplan.core.hardware import Fact, Hardware, Link, LinkKind, Module, Operating, Provenance, Role
from dqplan.load.hardware_files.document import hardware_document, hardware_of_document, hardware_yaml
from dqplan.load.hardware_files.lines import read_document
from dqplan.load.load_hardware import hardware_of, load_hardware, preset_names, read_hardware
from dqplan.load.source import Source

fractions = st.floats(0, 1)
seconds = st.none() | st.floats(1e-9, 1e9)
operations = st.builds(Operating, st.none() | st.sampled_from(["cz", "sx"]), st.none() | fractions, seconds)
words = st.text(max_size=20)


@st.composite
def modules(draw: st.DrawFn, name: str, data: int) -> Module:
    return Module(
        name=name,
        data_qubits=data,
        comm_qubits=draw(st.none() | st.integers(0, 9)),
        memory_qubits=draw(st.integers(0, 9)),
        role=Role.PROCESSOR if data else draw(st.sampled_from(Role)),
        technology=draw(words),
        native_gates=draw(st.none() | st.just(("cz", "rz"))),
        coupling=draw(st.none() | st.just(((0, 1),) if data > 1 else ())),
        one_qubit=draw(operations),
        two_qubit=draw(operations),
        readout=draw(operations),
        reset=draw(operations),
        t2_s=draw(seconds),
        comm_t2_s=draw(seconds),
        memory_lifetime_s=draw(seconds),
    )


@st.composite
def links(draw: st.DrawFn, a: int, b: int) -> Link:
    kind = draw(st.sampled_from(LinkKind))
    ebit = kind is LinkKind.EBIT
    return Link(
        a,
        b,
        kind,
        technology=draw(words),
        ebit_fidelity=draw(st.none() | fractions) if ebit else None,
        rate_hz=draw(seconds) if ebit else None,
        cutoff_s=draw(seconds) if ebit else None,
        parallel_channels=draw(st.integers(1, 9)),
        latency_s=draw(seconds),
        length_m=draw(seconds),
        weight=draw(st.sampled_from([1.0, 0.001, 2.5])),
        remote_gate=Operating() if kind is LinkKind.CLASSICAL else draw(operations),
    )


@st.composite
def networks(draw: st.DrawFn) -> Hardware:
    """Networks made by hand, with equal modules beside different ones, under names that look counted or not."""
    names = draw(
        st.lists(st.sampled_from(["a", "a0", "a1", "a2", "b", "b0", "b1"]), min_size=1, max_size=4, unique=True)
    )
    kinds = [draw(modules("x", draw(st.integers(1, 4)))), draw(modules("x", draw(st.integers(0, 4))))]
    made = [replace(kinds[draw(st.integers(0, 1)) if i else 0], name=name) for i, name in enumerate(names)]
    pairs = [(a, b) for b in range(len(names)) for a in range(b) if draw(st.booleans())]
    facts = draw(st.dictionaries(st.just("loss_db"), st.builds(Fact, st.floats(0, 9), words)))
    return Hardware("x", tuple(made), tuple(draw(links(a, b)) for a, b in pairs), title=draw(words), facts=facts)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_what_is_written_is_read_back(hardware: Hardware) -> None:
    again = hardware_of_document(json.loads(json.dumps(hardware_document(hardware))))
    assert (again.modules, again.links, again.facts) == (hardware.modules, hardware.links, hardware.facts)
    assert (again.name, again.title, again.digest) == (hardware.name, hardware.title, hardware.digest)
    assert set(again.provenance.values()) <= {Provenance()}


@settings(max_examples=30, deadline=None)
@given(networks())
def test_the_document_is_a_hardware_file(hardware: Hardware) -> None:
    """Also as YAML, whatever the texts look like (`1e-5` as a title, say)."""
    as_json = read_document(Source("x.json", json.dumps(hardware_document(hardware))))
    assert hardware_of(as_json).digest == hardware.digest
    as_yaml = read_hardware(Source("x.yaml", hardware_yaml(hardware)))
    assert (as_yaml.digest, as_yaml.title) == (hardware.digest, hardware.title)


@pytest.mark.parametrize("spec", [*preset_names(), "all:4x9", "grid:2x3x14+2", "star:5x2+0"])
def test_presets_and_shorthands_keep_everything(spec: str) -> None:
    hardware = load_hardware(spec)
    again = hardware_of_document(json.loads(json.dumps(hardware_document(hardware))))
    assert (again.name, again.digest, again.modules) == (hardware.name, hardware.digest, hardware.modules)
    assert (again.sources, again.facts, again.notes) == (hardware.sources, hardware.facts, hardware.notes)
    if hardware.provenance:
        assert again.provenance == hardware.provenance


def test_equal_modules_are_written_once_and_only_under_counted_names() -> None:
    hardware = load_hardware("line:4x9")
    assert [module["name"] for module in hardware_document(hardware)["modules"]] == ["m"]
    renamed = replace(hardware, modules=tuple(replace(m, name=f"x{m.name}x") for m in hardware.modules))
    assert len(hardware_document(renamed)["modules"]) == 4


@pytest.mark.parametrize("document", [None, [], "x", {}, {"schema": "dqplan.hardware/1"}, {"modules": 3}])
def test_an_altered_document_is_a_hardware_error(document: object) -> None:
    with pytest.raises(HardwareError) as caught:
        hardware_of_document(document, "plan.json")
    assert caught.value.place is not None
    assert caught.value.place.source == "plan.json"
