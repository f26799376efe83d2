"""`dqplan hardware draw`: pictures and drawings in characters."""

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from dqplan.cli.hardware import app
from dqplan.cli.render.network_layout import places_of, shape_of
from dqplan.cli.render.network_svg import network_svg
from dqplan.cli.render.network_text import network_text
from dqplan.core.hardware import Hardware, Link, Module
from dqplan.load.load_hardware import load_hardware, preset_names

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = [name for name in preset_names() if load_hardware(name).modules]


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["draw", *args])


@st.composite
def networks(draw: st.DrawFn) -> Hardware:
    size = draw(st.integers(1, 9))
    pairs = [(a, b) for b in range(size) for a in range(b) if draw(st.booleans())]
    modules = tuple(Module(f"m{i}", draw(st.integers(0, 30)), draw(st.none() | st.integers(0, 4))) for i in range(size))
    return Hardware("x", modules, tuple(Link(a, b, rate_hz=9.7, ebit_fidelity=0.9) for a, b in pairs))


@pytest.mark.parametrize(
    "spec", ["line:1x2", "line:2x2", "line:5x2", "ring:5x2", "star:5x2", "all:5x2", "grid:3x4x2", "grid:2x2x2"]
)
def test_a_shorthand_is_known_by_its_shape(spec: str) -> None:
    """One module has no shape; two in a line are the smallest; a grid of four is another order of a ring."""
    shape = shape_of(load_hardware(spec))
    assert (shape.kind if shape else "line") == spec.partition(":")[0]


@settings(max_examples=40, deadline=None)
@given(networks())
def test_modules_never_lie_on_each_other_and_the_layout_is_always_the_same(hardware: Hardware) -> None:
    places = places_of(hardware)
    distances = [math.dist(a, b) for i, a in enumerate(places) for b in places[:i]]
    assert len(places) == hardware.num_modules
    assert min(distances, default=1.0) > 0.4
    assert places == places_of(hardware)


@settings(max_examples=40, deadline=None)
@given(networks())
def test_every_module_and_link_is_drawn_once(hardware: Hardware) -> None:
    picture = ElementTree.fromstring(network_svg(hardware))
    titles = [title.text or "" for title in picture.iter(f"{SVG}title")]
    names = [hardware.link_name(link.a, link.b) for link in hardware.links]
    for name in (*names, *(module.name for module in hardware.modules)):
        assert sum(title.startswith(f"{name}:") for title in titles) == 1
    text = network_text(hardware)
    assert text.count("9.7 Hz") == len(hardware.links)
    assert all(module.name in text for module in hardware.modules)


@pytest.mark.parametrize("name", DRAWN)
def test_presets_are_drawn_within_80_columns_and_their_pictures_stand_alone(name: str, tmp_path: Path) -> None:
    printed = run(name)
    assert printed.exit_code == 0
    assert max(map(len, printed.stdout.splitlines())) <= 80
    assert run(name, "-o", str(tmp_path / "x.svg")).exit_code == 0
    text = (tmp_path / "x.svg").read_text(encoding="utf-8")
    picture = ElementTree.fromstring(text)
    assert text == run(name, "-o", "-").stdout
    assert "prefers-color-scheme: dark" in text
    assert not [tag for tag in ("href", "url(", "@import", "<script") if tag in text]
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    for circle in picture.iter(f"{SVG}circle"):
        x, y, radius = (float(circle.attrib[key]) for key in ("cx", "cy", "r"))
        assert radius <= x <= width - radius
        assert radius <= y <= height - radius


def test_a_ring_is_drawn_as_one() -> None:
    assert run("simref_ion_4x5").stdout.splitlines() == [
        "┌─ ion0  processor: 5 data, 2 comm",
        "│  │  198 Hz, fidelity 0.94",
        "│  ion1  processor: 5 data, 2 comm",
        "│  │  74.1 Hz, fidelity 0.94",
        "│  ion2  processor: 5 data, 2 comm",
        "│  │  20.8 Hz, fidelity 0.94",
        "└─ ion3  processor: 5 data, 2 comm",
        "   back to ion0: 74.1 Hz, fidelity 0.94",
    ]


def test_a_grid_of_equal_modules_is_drawn_as_one() -> None:
    drawn = run("rigetti_cepheus_108q_2026").stdout.splitlines()
    assert [line.count("──") for line in drawn[:5]] == [3, 0, 3, 0, 3]
    assert drawn[-2:] == ["modules: processor: 6 data, 3 comm", "links: direct gate, 60 ns ×3, gate 0.983"]


def test_names_and_titles_cannot_break_out_of_the_picture() -> None:
    title = '</title><script>alert("x")</script>\x1b\x00&'
    evil = Hardware("<b>&", (Module("a", 1, 1, technology=title), Module("b", 1)), (Link(0, 1, technology=title),))
    picture = network_svg(evil)
    ElementTree.fromstring(picture)
    assert "<script" not in picture
    assert "\x1b" not in picture


def test_what_has_no_modules_is_not_drawn() -> None:
    result = run("xanadu_aurora_2025")
    assert result.exit_code != 0
    assert "no modules to draw" in str(result.exception)


def test_a_picture_is_not_written_where_it_cannot_be(tmp_path: Path) -> None:
    assert "directory does not exist" in str(run("oxford_2025", "-o", str(tmp_path / "no" / "x.svg")).exception)
