"""The systems that ship with dqplan: every number in its range and with its origin."""

import json
import re

import jsonschema
import pytest
import yaml

from dqplan.core.hardware import Basis, Hardware, LinkKind, Module, Operating
from dqplan.load.hardware_files.document import stated_numbers
from dqplan.load.hardware_files.lines import read_document
from dqplan.load.hardware_files.schema import HardwareFile
from dqplan.load.load_hardware import find_mistakes, hardware_source, load_hardware, preset_names
from tests.load import preset_table

PRESETS = preset_names()

SURVEY = {
    "cisco_nyc_2026": (8, 0, 0),
    "cisco_universal_quantum_switch_2026": (5, 0, 0),
    "delft_metro_2024": (3, 0, 0),
    "delft_nv_tcnot_2026": (2, 0, 0),
    "doe_quantnet": (1, 2, 0),
    "duke_ion_photon_2024": (7, 0, 0),
    "eth_cryolink_30m_2023": (3, 0, 0),
    "eth_cryolink_5m_2020": (8, 0, 2),
    "harq_heterogeneous_v0": (8, 1, 0),
    "harvard_siv_2024": (9, 0, 0),
    "ibm_cisco_qnu_2030": (4, 3, 0),
    "ibm_eagle_classical_link_2024": (12, 0, 2),
    "ibm_flamingo_2024": (15, 0, 5),
    "ibm_ftqc_roadmap": (1, 11, 0),
    "ibm_heron_boston_2026": (11, 0, 0),
    "ibm_nighthawk_9x120_2028": (8, 2, 2),
    "ibm_nighthawk_miami_2026": (13, 3, 0),
    "ideal_pair": (0, 0, 0),
    "ionq_photonic_2026": (0, 3, 0),
    "memories_reference": (8, 0, 0),
    "memq_xqna_v0": (12, 0, 0),
    "neutral_atom_cavity_link": (5, 0, 0),
    "nu_quantum_qnu": (0, 0, 0),
    "oxford_2025": (22, 0, 5),
    "photonic_tcentre_2024": (4, 2, 0),
    "psiquantum_omega_2025": (3, 0, 0),
    "quantinuum_helios_2025": (6, 0, 0),
    "rigetti_cepheus_108q_2026": (6, 0, 0),
    "simref_ion_2207_10579": (0, 0, 0),
    "sustech_uiuc_modules": (6, 0, 0),
    "welinq_qdrive": (6, 0, 0),
    "xanadu_aurora_2025": (9, 0, 0),
}
"""Numbers measured, roadmap and unverified in the survey that the presets were written from; equal modules once."""
DIFFERENT = {
    # two equal modules of the survey are one entry with a count here
    "delft_nv_tcnot_2026": (1, 0, 0),
    "eth_cryolink_5m_2020": (1, 0, 0),
    "harvard_siv_2024": (1, 0, 0),
    "ibm_eagle_classical_link_2024": (1, 0, 0),
    "photonic_tcentre_2024": (1, 0, 0),
    # as well, and the 152 data qubits stand on the recalled number of couplers
    "ibm_flamingo_2024": (1, 0, 2),
    # three Bell weights of the survey are one list here
    "oxford_2025": (-2, 0, 0),
    # neutral atoms beside the transmons; ions instead of transmons
    "harq_heterogeneous_v0": (4, 0, 0),
    "memq_xqna_v0": (-5, 0, 0),
    # a claim that could not be checked
    "welinq_qdrive": (0, 0, 1),
}
NETWORKS = ("harq_heterogeneous_v0", "memq_xqna_v0", "quantnet_style_v0", "simref_ion_4x5", "simref_nv_4x5")
"""Hypothetical networks of slow links, complete enough to be planned for time and fidelity."""
_UNITS = {"", "s", "m", "m/s", "nm", "Hz", "dB", "dB/km", "W", "d", "USD", "photons"}


def operations(module: Module) -> list[Operating]:
    return [module.one_qubit, module.two_qubit, module.readout, module.reset]


@pytest.fixture(params=PRESETS)
def preset(request: pytest.FixtureRequest) -> Hardware:
    return load_hardware(request.param)


def test_all_systems_of_the_survey_ship() -> None:
    assert set(PRESETS) == {*SURVEY, *NETWORKS}


@pytest.mark.parametrize("name", SURVEY)
def test_as_many_numbers_are_measured_announced_or_recalled_as_in_the_survey(name: str) -> None:
    """What was assumed may differ; that a number is measured, announced or unverified may not change by accident."""
    preset = load_hardware(name)
    unverified = sum(origin.unverified for origin in preset.provenance.values())
    found = (preset.basis_counts[Basis.MEASURED], preset.basis_counts[Basis.ROADMAP], unverified)
    more = DIFFERENT.get(name, (0, 0, 0))
    assert found == tuple(a + b for a, b in zip(SURVEY[name], more, strict=True))


def test_a_refusal_says_what_to_use_instead(preset: Hardware) -> None:
    """In its words there is another preset, a shorthand, `use`, or a key of the user's own file."""
    ways = [f"{name}" for name in PRESETS if name != preset.name] + [":4x9+2", ":2x16+2", "`use: ", "`comm_t2_s`"]
    assert not preset.refusal or any(way in preset.refusal for way in ways)
    assert bool(preset.refusal) == (not preset.data_capacity.sum())


def test_presets_named_in_texts_exist(preset: Hardware) -> None:
    notes = [origin.note for origin in preset.provenance.values()]
    words = set(re.findall(r"[a-z]+_[a-z0-9_]+", " ".join([preset.notes, preset.refusal, *notes])))
    keys, backends = {"length_m", "memory_lifetime_s", "comm_t2_s", "remote_gate"}, {"ibm_miami", "ibm_sherbrooke"}
    assert words - keys - backends <= set(PRESETS)


def test_facts_have_plausible_values_and_known_units(preset: Hardware) -> None:
    for name, fact in preset.facts.items():
        assert fact.unit in _UNITS, name
        assert fact.value > 0, name
        if "fidelity" in name or "efficiency" in name or "probability" in name:
            assert fact.value <= 1, name


def test_fibres_have_latencies_that_follow_from_their_lengths(preset: Hardware) -> None:
    """5 µs/km, or the speed that the facts name, to the digits that are written down."""
    speed = preset.facts["speed_in_fibre"].value if "speed_in_fibre" in preset.facts else 2e8
    for link in preset.links:
        if "fibre_loss" in preset.facts and link.length_m and link.latency_s is not None:
            assert link.latency_s == pytest.approx(link.length_m / speed, rel=0.02)


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_to_plan_on_are_slow_complete_and_made_for_samples_of_16_qubits(name: str) -> None:
    network = load_hardware(name)
    processors = [module for module in network.modules if module.data_qubits]
    assert len(processors) >= 4
    assert sum(module.data_qubits for module in processors) >= 16 > 10 > max(m.data_qubits for m in processors)
    for module in processors:
        numbers = [value for each in operations(module)[:3] for value in (each.fidelity, each.duration_s)]
        assert None not in (*numbers, module.t2_s)
    for link in network.links:
        if link.kind is LinkKind.EBIT:
            assert link.rate_hz is not None
            assert 0.1 <= link.rate_hz <= 250
            assert None not in (link.ebit_fidelity, link.latency_s)


def test_the_table_of_all_presets_is_up_to_date() -> None:
    """`python -m tests.load.preset_table` writes it anew."""
    assert preset_table.PATH.read_text(encoding="utf-8") == preset_table.document()


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
    assert bool(content.get("modules")) == bool(preset.modules)
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
