"""Links that a file takes from a preset, and warnings about links."""

import json

import jsonschema
import pytest
import yaml

from dqplan.core.hardware import Basis, Hardware, LinkKind
from dqplan.load.hardware_files.document import hardware_document, hardware_of_document
from dqplan.load.hardware_files.parts import find_part
from dqplan.load.hardware_files.schema import HardwareFile
from dqplan.load.load_hardware import find_mistakes, find_warnings, load_hardware, preset_names, read_hardware
from dqplan.load.source import Source

FILE = """\
schema: dqplan.hardware/1
sources:
  lab: {title: Our laboratory}
modules:
- {name: a, data: 4, comm: 2, t2_s: 1}
- {name: b, data: 4, comm: 2, t2_s: 1}
links:
- between: [a, b]
  use: PART
"""


def text(part: str, more: str = "") -> Source:
    return Source("x.yaml", FILE.replace("PART", part) + more)


def using(part: str, more: str = "") -> Hardware:
    return read_hardware(text(part, more))


def test_a_used_link_has_the_numbers_of_the_preset_and_says_so() -> None:
    (mine,), (theirs,) = using("oxford_2025").links, load_hardware("oxford_2025").links
    for key in ("kind", "technology", "ebit_fidelity", "bell_diagonal", "rate_hz", "latency_s", "remote_gate"):
        assert getattr(mine, key) == getattr(theirs, key)
    origin = using("oxford_2025").provenance["links.0.ebit.rate_hz"]
    assert (origin.basis, origin.source) == (Basis.MEASURED, "oxford_2025/digits")
    assert {source.key for source in using("oxford_2025").sources} >= {"lab", "oxford_2025/digits"}


def test_sources_that_are_not_cited_do_not_come_along() -> None:
    keys = {source.key for source in using("oxford_2025").sources}
    assert "oxford_2025/drmota2023" not in keys


@pytest.mark.parametrize("name", preset_names())
def test_every_link_of_every_preset_can_be_used(name: str) -> None:
    """By its name either way round, at the length it has: nothing but the ends and the sources' keys changes."""
    hardware = load_hardware(name)
    for link in hardware.links:
        ends = hardware.link_name(link.a, link.b).split("--")
        for part in (f"{name}/{'--'.join(ends)}", f"{name}/{'--'.join(reversed(ends))}"):
            (used,) = using(part).links
            assert {**vars(used), "a": 0, "b": 0, "entry": ""} == {**vars(link), "a": 0, "b": 0, "entry": ""} | (
                {"latency_s": used.latency_s} if link.latency_s is None else {}
            )


def test_keys_beside_override_with_their_own_provenance() -> None:
    more = "  ebit: {fidelity: {value: 0.9, basis: measured, source: lab}}\n  parallel_channels: 3\n"
    hardware = using("oxford_2025", more)
    (link,) = hardware.links
    assert (link.ebit_fidelity, link.bell_diagonal, link.rate_hz, link.parallel_channels) == (0.9, None, 9.7, 3)
    assert hardware.provenance["links.0.ebit.fidelity"].source == "lab"
    assert hardware.provenance["links.0.parallel_channels"].source == ""


@pytest.mark.parametrize(("length_m", "rate_hz"), [(17600, 1.5), (7600, 1.5 * 10**0.2), (27600, 1.5 * 10**-0.2)])
def test_rate_and_latency_of_a_fibre_follow_its_length(length_m: float, rate_hz: float) -> None:
    """0.2 dB/km over 10 km are 2 dB, a factor of 10^0.2 for two photons over half of the fibre each; 5 µs/km."""
    hardware = using("cisco_nyc_2026", f"  length_m: {length_m}\n")
    (link,) = hardware.links
    assert link.rate_hz == pytest.approx(rate_hz, rel=0.005)
    assert link.latency_s == pytest.approx(length_m * 5e-9, rel=0.005)
    origin = hardware.provenance["links.0.ebit.rate_hz"]
    assert (origin.basis is Basis.ASSUMED) == (length_m != 17600)


def test_of_a_single_photon_protocol_one_photon_crosses_half_of_the_fibre() -> None:
    (link,) = using("delft_metro_2024", "  length_m: 5000\n").links
    assert link.rate_hz == pytest.approx(0.022 * 10 ** (0.2 * 20 / 20), rel=0.005)


def test_a_fibre_without_a_latency_gets_one_from_its_length() -> None:
    assert load_hardware("delft_metro_2024").links[0].latency_s is None
    assert using("delft_metro_2024").links[0].latency_s == pytest.approx(125e-6)


def test_what_the_user_gives_is_not_derived() -> None:
    (link,) = using("cisco_nyc_2026", "  length_m: 5000\n  latency_s: 1\n  ebit: {rate_hz: 7}\n").links
    assert (link.rate_hz, link.latency_s) == (7, 1)


def test_a_link_that_is_no_fibre_keeps_its_numbers_at_another_length() -> None:
    (link,) = using("ibm_flamingo_2024", "  length_m: 5000\n").links
    assert (link.kind, link.remote_gate.fidelity, link.latency_s) == (LinkKind.DIRECT_GATE, 0.965, 1e-6)


def test_what_was_used_stays_when_the_hardware_is_stored() -> None:
    hardware = using("cisco_nyc_2026", "  length_m: 5000\n")
    again = hardware_of_document(json.loads(json.dumps(hardware_document(hardware))))
    assert (again.digest, again.provenance, again.sources) == (hardware.digest, hardware.provenance, hardware.sources)


@pytest.mark.parametrize(
    ("part", "message", "hint"),
    [
        ("qunnect_cisco_nyc_2026", "no preset `qunnect_cisco_nyc_2026`", "`cisco_nyc_2026`"),
        ("xyz", "no preset `xyz`", "hardware list"),
        ("xanadu_aurora_2025", "has no link", "hardware list"),
        ("harq_heterogeneous_v0", "has 4 kinds of links", "`harq_heterogeneous_v0/cpu0--cpu1`"),
        ("harq_heterogeneous_v0/ram--atom0", "no link `ram--atom0`", "`harq_heterogeneous_v0/ram--atoms0`"),
        ("oxford_2025/x", "no link `x`", "`oxford_2025/alice--bob`"),
    ],
)
def test_an_unknown_part_names_the_nearest_known_ones(part: str, message: str, hint: str) -> None:
    (mistake,) = find_mistakes(text(part))
    assert mistake.key == "links.0.use"
    assert mistake.place.line == 9
    assert message in mistake.message
    assert hint in mistake.hint


def test_a_mistake_in_an_override_is_found_in_the_users_file() -> None:
    (mistake,) = find_mistakes(text("oxford_2025", "  ebit: {rate_hz: -1}\n"))
    assert (mistake.key, mistake.place.line) == ("links.0.ebit.rate_hz", 10)


@pytest.mark.parametrize("wrong", ["  use: [1]\n", "  use: 3\n", "  use: oxford_2025\n  ebit: 3\n"])
def test_nonsense_beside_or_in_use_is_a_mistake(wrong: str) -> None:
    assert find_mistakes(Source("x.yaml", FILE.replace("  use: PART\n", wrong)))


@pytest.mark.parametrize("wrong", ["[1]", "3", "null", "text"])
def test_nonsense_instead_of_sources_is_a_mistake(wrong: str) -> None:
    source = text("oxford_2025")
    lines = "sources:\n  lab: {title: Our laboratory}\n"
    assert find_mistakes(Source("x.yaml", source.text.replace(lines, f"sources: {wrong}\n")))


def test_the_published_schema_takes_a_link_with_use_instead_of_type() -> None:
    schema = HardwareFile.model_json_schema()
    jsonschema.validate(yaml.safe_load(text("oxford_2025").text), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(FILE.replace("  use: PART\n", "")), schema)


def test_whether_the_ends_of_a_part_store_anything_is_known() -> None:
    assert find_part("oxford_2025").stored
    assert not find_part("cisco_nyc_2026").stored


def warnings(source: Source) -> list[str]:
    return [f"{warning.place.line}: {warning.message}" for warning in find_warnings(source)]


def test_a_good_link_between_memories_has_no_warnings() -> None:
    assert warnings(text("oxford_2025")) == []


def test_photons_that_are_detected_warn() -> None:
    (warning,) = warnings(text("cisco_nyc_2026", "  ebit: {rate_hz: 100}\n"))
    assert warning.startswith("9: photons of cisco_nyc_2026 are detected, not stored")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("b, data: 4, comm: 2, t2_s: 1", "b, data: 4, comm: 0, t2_s: 1", "a--b: e-bits cannot be stored"),
        ("b, data: 4, comm: 2, t2_s: 1", "b, data: 4, comm: 2", "a--b: how long e-bits can be stored is unknown"),
        ("b, data: 4, comm: 2, t2_s: 1", "b, data: 4, comm: 2, t2_s: 0.01", "a--b: 0.096 pairs per lifetime"),
    ],
)
def test_an_end_without_memory_warns(old: str, new: str, words: str) -> None:
    source = text("oxford_2025")
    (warning,) = warnings(Source("x.yaml", source.text.replace(old, new)))
    assert warning.startswith("8: " + words)


def test_a_file_with_mistakes_has_no_warnings() -> None:
    assert warnings(text("xyz")) == []
