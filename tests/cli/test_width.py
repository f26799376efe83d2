"""Off a terminal no table and no drawing is wider than 80 columns, whatever circuit and hardware it is about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dqplan.cli.app import app
from dqplan.cli.render.plan_map import plan_map
from dqplan.core.gates import Op
from dqplan.core.plan import Effort, Plan
from dqplan.load.hardware_files.presets import preset_names
from dqplan.load.load_hardware import load_hardware
from dqplan.solve.solve_plan import solve_plan
from tests.conftest import SAMPLES
from tests.solve.circuits import qft, segments

WIDTH = 80
SMALL = sorted(path.name for path in SAMPLES.glob("*") if path.suffix in (".qasm", ".json"))
NETWORKS = ["all:2x8+1", "line:4x4+2", "ring:5x3+2", "star:4x4+2", "grid:4x4x1+2", "all:16x1"]


def shown(*arguments: str | Path) -> str:
    """What a command prints, if it can do what it is asked for; in this process, since there are hundreds."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code in (0, 2, 3), done.output
    return done.stdout


def assert_narrow(text: str) -> None:
    wide = [line for line in text.splitlines() if len(line) > WIDTH]
    assert not wide, wide[0]


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("preset", preset_names())
def test_presets(preset: str) -> None:
    assert_narrow(shown("hardware", "show", preset))
    assert_narrow(shown("hardware", "draw", preset))
    command = ["split", SAMPLES / "ghz_8.qasm", "-H", preset, "--effort", "quick", "--no-check", "-q"]
    assert_narrow(shown(*command, "--map", "--timeline"))


@pytest.mark.parametrize("hardware", NETWORKS)
def test_networks(hardware: str) -> None:
    command = ["split", SAMPLES / "qaoa_16.qasm", "-H", hardware, "--effort", "quick", "--no-check", "-q"]
    assert_narrow(shown(*command, "--map", "--timeline"))
    assert_narrow(shown("hardware", "draw", hardware))


@pytest.mark.parametrize("name", SMALL)
def test_samples(name: str) -> None:
    if (SAMPLES / name).stat().st_size < 4_000:
        assert_narrow(shown("profile", SAMPLES / name, "--modules", "2,3"))


def test_what_a_directory_holds(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert_narrow(shown("split", SAMPLES / "grover_2.qasm", "-H", "oxford_2025", "-o", out, "--effort", "quick"))
    assert_narrow(shown("verify", out).replace(str(out), "out"))
    assert_narrow(shown("simulate", out, "--shots", "50").replace(str(out), "out"))
    assert_narrow(shown("hardware", "list"))
    assert_narrow(shown("explain"))


def planned(hardware: str) -> Plan:
    return solve_plan(qft(8), load_hardware(hardware), effort=Effort.QUICK)


def test_a_map_of_a_line_shows_every_link() -> None:
    plan = planned("line:4x3+2")
    lines = plan_map(plan).splitlines()[2:]
    assert [line.split()[0] for line in lines] == ["m0", "│", "m1", "│", "m2", "│", "m3"]
    told = [int(line.split()[1]) if line.split()[1] != "no" else 0 for line in lines if line.startswith("│")]
    assert told == [plan.cost.ebits_by_link.get(f"m{i}--m{i + 1}", 0) for i in range(3)]
    assert sum(told) == plan.cost.ebits


def test_a_map_of_a_grid_has_numbers_on_its_links() -> None:
    plan = planned("grid:2x2x2+2")
    first, between, second = plan_map(plan).splitlines()[2:5]
    told = [re.sub(r"m\d|[ ─]", "", first), *between.split(), re.sub(r"m\d|[ ─]", "", second)]
    wanted = [plan.cost.ebits_by_link.get(name, 0) for name in ("m0--m1", "m0--m2", "m1--m3", "m2--m3")]
    assert [int(number) if number.isdigit() else 0 for number in told] == wanted


def test_a_map_of_many_links_is_a_triangle() -> None:
    """Ten qubits in as many modules, each of which flips every other one: all links between them are used."""
    flips = [gate for a in range(10) for b in range(10) if a != b for gate in ((Op.CX, (a, b)), (Op.RY, (a,), (0.3,)))]
    plan = solve_plan(segments(10, flips), load_hardware("all:12x1"), effort=Effort.QUICK)
    header, *rows = plan_map(plan).splitlines()[2:]
    assert len(header.split()) == 10
    cells = [cell for row in rows[:-1] for cell in row.split()[1:-1]]
    assert sum(int(cell) for cell in cells if cell.isdigit()) == plan.cost.ebits
    assert rows[-1] == "2 idle"


def test_a_map_of_few_links_lists_them() -> None:
    plan = planned("all:4x5")
    lines = plan_map(plan).splitlines()
    assert lines[-1] == "2 idle"
    assert any(f"{plan.cost.ebits} e-bit" in line for line in lines)
