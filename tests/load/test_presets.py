"""The systems that ship with dqplan: every number in its range and with its origin."""

import json

import jsonschema
import pytest
import yaml

from dqplan.core.hardware import Basis, Hardware, LinkKind, Module, Operating
from dqplan.load.hardware_files.document import stated_numbers
from dqplan.load.hardware_files.lines import read_document
from dqplan.load.hardware_files.schema import HardwareFile
from dqplan.load.load_hardware import find_mistakes, hardware_source, load_hardware, preset_names

PRESETS = preset_names()


def operations(module: Module) -> list[Operating]:
    return [module.one_qubit, module.two_qubit, module.readout, module.reset]


@pytest.fixture(params=PRESETS)
def preset(request: pytest.FixtureRequest) -> Hardware:
    return load_hardware(request.param)


def test_the_promised_systems_ship() -> None:
    assert {"ideal_pair", "oxford_2025", "ibm_flamingo_2024"} <= set(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_named_after_its_file_and_has_no_mistakes(name: str) -> None:
    assert find_mistakes(hardware_source(name)) == []
    assert load_hardware(name).name == name


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_satisfies_the_published_json_schema(name: str) -> None:
    content = read_document(hardware_source(name)).content
    jsonschema.validate(content, HardwareFile.model_json_schema())


@pytest.mark.parametrize("name", PRESETS)
def test_the_schema_describes_every_key(name: str) -> None:
    """Each key of each mapping, so that `dqplan hardware schema` is the format's manual."""
    definitions = HardwareFile.model_json_schema()["$defs"]
    for definition in definitions.values():
        mappings = definition.get("anyOf", [definition])
        for key, rule in ((k, r) for mapping in mappings for k, r in mapping.get("properties", {}).items()):
            assert rule.get("description"), key


def test_every_number_names_its_source(preset: Hardware) -> None:
    known = {source.key for source in preset.sources}
    for key, origin in preset.provenance.items():
        assert origin.source in known, key


def test_what_was_recalled_is_marked_unverified(preset: Hardware) -> None:
    recalled = {source.key for source in preset.sources if source.kind == "recalled"}
    for key, origin in preset.provenance.items():
        assert origin.unverified or origin.source not in recalled, key


def test_our_own_choices_are_never_called_measured(preset: Hardware) -> None:
    own = {source.key for source in preset.sources if source.kind == "own"}
    for key, origin in preset.provenance.items():
        assert origin.basis is Basis.ASSUMED or origin.source not in own, key


def test_numbers_are_plausible(preset: Hardware) -> None:
    """Ranges of machines that exist or are announced; a slipped unit (ns for us, % for 1) falls outside."""
    for module in preset.modules:
        assert 0 <= module.data_qubits <= 10_000
        assert module.comm_qubits is not None
        assert module.comm_qubits <= 1000
        fidelities = [operation.fidelity for operation in operations(module) if operation.fidelity is not None]
        durations = [operation.duration_s for operation in operations(module) if operation.duration_s is not None]
        assert all(0.5 <= fidelity <= 1 for fidelity in fidelities)
        assert all(1e-9 <= seconds <= 0.1 for seconds in durations)
        lifetimes = [module.t1_s, module.t2_s, module.comm_t2_s, module.memory_lifetime_s]
        assert all(t > max(durations) for t in lifetimes if t is not None)
    for link in preset.links:
        assert link.ebit_fidelity is None or link.ebit_fidelity > 0.25
        assert link.rate_hz is None or 1e-3 <= link.rate_hz <= 1e9
        assert link.latency_s is None or link.latency_s <= 1e-3
        if link.length_m is not None and link.latency_s:
            assert link.latency_s >= link.length_m / 3e8


def test_every_number_can_be_shown(preset: Hardware) -> None:
    assert {key for key, _, _ in stated_numbers(preset)} == set(preset.provenance)


def test_presets_are_plain_enough_for_any_yaml_reader(preset: Hardware) -> None:
    """Whoever reads them with another library gets the same text and structure."""
    content = yaml.safe_load(hardware_source(preset.name).text)
    assert [module["name"] for module in content["modules"]]
    assert json.dumps(content)


def test_oxford_is_what_the_paper_says() -> None:
    oxford = load_hardware("oxford_2025")
    (link,) = oxford.links
    assert [(m.name, m.data_qubits, m.comm_qubits) for m in oxford.modules] == [("alice", 1, 1), ("bob", 1, 1)]
    assert (link.kind, link.ebit_fidelity, link.rate_hz, link.remote_gate.fidelity) == (
        LinkKind.EBIT,
        0.9689,
        9.7,
        0.862,
    )
    assert oxford.provenance["links.0.remote_gate.fidelity"].uncertainty == 0.009
    assert oxford.facts["grover_success"].value == 0.71


def test_flamingo_does_not_claim_all_to_all_nor_verified_couplers() -> None:
    flamingo = load_hardware("ibm_flamingo_2024")
    (link,) = flamingo.links
    assert link.kind is LinkKind.DIRECT_GATE
    assert [(m.data_qubits, m.comm_qubits, m.coupling_known) for m in flamingo.modules] == [(152, 4, False)] * 2
    assert all(
        origin.unverified for key, origin in flamingo.provenance.items() if key.startswith("links.0.remote_gate")
    )


def test_the_ideal_pair_measures_nothing() -> None:
    assert load_hardware("ideal_pair").basis_counts[Basis.ASSUMED] == len(load_hardware("ideal_pair").provenance)
