"""Shorthands for ideal networks."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dqplan.core.errors import HardwareError
from dqplan.load.hardware_files.draft import MAX_MODULES
from dqplan.load.hardware_files.shorthand import MAX_QUBITS, parse_shorthand
from dqplan.load.load_hardware import load_hardware


def pairs(spec: str) -> list[tuple[int, int]]:
    return sorted(parse_shorthand(spec).quantum_links)


def test_every_shape_joins_the_modules_its_name_says() -> None:
    assert pairs("all:4x9") == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert pairs("line:4x9") == [(0, 1), (1, 2), (2, 3)]
    assert pairs("ring:4x9") == [(0, 1), (0, 3), (1, 2), (2, 3)]
    assert pairs("star:4x9") == [(0, 1), (0, 2), (0, 3)]
    assert pairs("grid:2x3x9") == [(0, 1), (0, 3), (1, 2), (1, 4), (2, 5), (3, 4), (4, 5)]


def test_comm_qubits_are_unlimited_unless_stated() -> None:
    assert [module.comm_qubits for module in parse_shorthand("line:2x9").modules] == [None, None]
    assert [module.comm_qubits for module in parse_shorthand("line:2x9+3").modules] == [3, 3]


def test_modules_are_numbered_and_links_are_perfect() -> None:
    hardware = parse_shorthand("star:3x5+1")
    assert [module.name for module in hardware.modules] == ["m0", "m1", "m2"]
    assert hardware.data_capacity.tolist() == [5, 5, 5]
    assert {link.ebit_fidelity for link in hardware.links} == {1.0}
    assert hardware.name == "star:3x5+1"


def test_one_module_is_a_network_without_links() -> None:
    assert pairs("all:1x9") == pairs("grid:1x1x9") == []


MALFORMED = {
    "ring:2x9": "a ring needs at least 3 members",
    "all:0x9": "found 0 modules",
    "grid:0x3x9": "found 0 modules",
    "line:4x0": "0 data qubits",
    "all:1001x2": "found 1001 modules",
    "grid:1000x1000x2": "found 1000000 modules",
    "line:2x1000001": "numbers up to 1000000",
    "line:2x" + "9" * 5000: "numbers up to 1000000",
    "line:4": "not a shorthand",
    "line:4x": "not a shorthand",
    "line:4x9+": "not a shorthand",
    "line:4x9+-1": "not a shorthand",
    "line:-4x9": "not a shorthand",
    "line:4x9x2": "not a shorthand",
    "grid:4x9": "not a shorthand",
    "line:4.5x9": "not a shorthand",
    "line: 4x9": "not a shorthand",
    "line:٤x٩": "not a shorthand",
    "lien:4x9": "no known shape",
}


@pytest.mark.parametrize("spec", MALFORMED)
def test_a_malformed_shorthand_is_told_apart_and_explained(spec: str) -> None:
    with pytest.raises(HardwareError, match=MALFORMED[spec]) as caught:
        load_hardware(spec)
    assert caught.value.hint
    assert len(str(caught.value)) < 200


def test_the_shape_is_guessed_from_a_misspelling() -> None:
    with pytest.raises(HardwareError) as caught:
        load_hardware("lien:4x9")
    assert "did you mean `line`?" in caught.value.hint


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["all", "line", "ring", "star"]),
    st.integers(1, 40),
    st.integers(1, MAX_QUBITS),
    st.none() | st.integers(0, 99),
)
def test_any_shorthand_gives_a_connected_network_of_its_size(
    kind: str, modules: int, data: int, comm: int | None
) -> None:
    spec = f"{kind}:{modules}x{data}" + ("" if comm is None else f"+{comm}")
    if kind == "ring" and modules < 3:
        with pytest.raises(HardwareError):
            parse_shorthand(spec)
        return
    hardware = parse_shorthand(spec)
    assert [(module.data_qubits, module.comm_qubits) for module in hardware.modules] == [(data, comm)] * modules
    assert hardware.distance.max() < modules
    assert len({(link.a, link.b) for link in hardware.links}) == len(hardware.links)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12))
def test_the_corners_of_a_grid_are_its_farthest_modules(rows: int, columns: int) -> None:
    hardware = parse_shorthand(f"grid:{rows}x{columns}x3")
    assert hardware.distance.max() == hardware.distance[0, -1] == rows + columns - 2


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="alinergstd:x+0123456789 -", max_size=30))
def test_any_text_is_a_network_or_a_hardware_error(spec: str) -> None:
    with contextlib.suppress(HardwareError):
        assert 1 <= parse_shorthand(spec).num_modules <= MAX_MODULES
