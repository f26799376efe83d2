"""`dqplan hardware` from outside."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner, Result

from dqplan.cli.hardware import app
from dqplan.load.load_hardware import preset_names

GOOD = "schema: dqplan.hardware/1\nmodules:\n- {name: a, data: 2, comm: 1}\n"


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


def test_list_shows_every_preset_and_fits_80_columns() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in preset_names())
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_list_as_json_counts_the_numbers_by_basis() -> None:
    systems = {system["name"]: system for system in json.loads(run("list", "--format", "json").stdout)}
    assert systems["oxford_2025"]["slowest_link_hz"] == 9.7
    assert systems["oxford_2025"]["basis"]["measured"] > 0
    assert systems["ideal_pair"]["basis"]["measured"] == 0


@pytest.mark.parametrize("spec", [*preset_names(), "line:4x9+2", "all:1x3"])
def test_show_fits_80_columns(spec: str) -> None:
    result = run("show", spec)
    assert result.exit_code == 0
    assert spec in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_show_gives_each_number_its_basis_source_and_doubt() -> None:
    lines = run("show", "oxford_2025").stdout.splitlines()
    assert any(line.split() == ["alice--bob.ebit.fidelity", "0.9689(8)", "measured", "digits"] for line in lines)
    assert any(line.split() == ["alice.two_qubit.fidelity", "0.976(2)", "measured", "?", "recalled"] for line in lines)


@pytest.mark.parametrize("format_", ["json", "yaml"])
def test_show_writes_a_file_that_can_be_used(tmp_path: Path, format_: str) -> None:
    path = tmp_path / f"mine.{format_}"
    path.write_text(run("show", "oxford_2025", "--format", format_).stdout, encoding="utf-8")
    assert run("check", str(path)).exit_code == 0


def test_check_lists_every_mistake_with_file_line_and_key(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD.replace("data: 2", "data: -2").replace("comm: 1", "com: 1"), encoding="utf-8")
    result = run("check", str(path))
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        f"{path}:3:3: modules.0.comm: is missing (add this key)",
        f"{path}:3:13: modules.0.data: found -2; expected a number of at least 0",
        f"{path}:3:23: modules.0.com: unknown key (did you mean `comm`?)",
    ]
    assert result.stderr == "3 mistakes\n"


def test_check_as_json_can_be_read_by_a_machine(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("schema: x\n", encoding="utf-8")
    result = run("check", "--format", "json", str(path))
    assert [(m["line"], m["key"]) for m in json.loads(result.stdout)] == [(0, "modules"), (1, "schema")]


def test_check_passes_what_is_right_and_says_nothing_on_stdout(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD, encoding="utf-8")
    result = run("check", str(path), "oxford_2025", "all:4x9")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "0 mistakes\n")


def test_what_a_file_says_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD + 'title: "\\e[31mred"\nnotes: "[bold]\\e]0;x"\n', encoding="utf-8")
    assert "\x1b" not in run("show", str(path)).stdout
    assert "[bold]" in run("show", str(path)).stdout


def test_the_schema_accepts_right_files_and_rejects_wrong_ones() -> None:
    schema = json.loads(run("schema").stdout)
    content = yaml.safe_load(GOOD)
    jsonschema.validate(content, schema)
    content["modules"][0]["dta"] = 3
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)
