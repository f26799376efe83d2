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


def test_list_names_what_can_be_planned_on_first_and_tells_pairs_per_lifetime() -> None:
    listed = run("list").stdout
    before, after = listed.split("Nothing can be planned on these")
    systems = json.loads(run("list", "--format", "json").stdout)
    for system in systems:
        assert f"  {system['name']} " in (before if system["plannable"] else after)
    pairs = {system["name"]: system["pairs_per_lifetime"] for system in systems}
    assert pairs["oxford_2025"] == pytest.approx(9.7 * 0.37 / 2)
    assert pairs["ibm_flamingo_2024"] is None


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


def test_show_warns_of_links_that_are_slower_than_memories_forget() -> None:
    printed = " ".join(run("show", "harq_heterogeneous_v0").stdout.split())
    assert "Warnings cpu0--atoms0 and 3 more: 0.00706 pairs per lifetime of a stored one" in printed
    assert "Warnings" not in run("show", "memq_xqna_v0").stdout


def test_show_says_why_nothing_can_be_planned_and_what_to_use() -> None:
    printed = " ".join(run("show", "cisco_nyc_2026").stdout.split())
    assert "Nothing can be planned on it: photon pairs are detected, not stored" in printed
    assert "`use: cisco_nyc_2026`" in printed


def test_show_gives_facts_their_units_and_all_digits() -> None:
    lines = [line.split() for line in run("show", "xanadu_aurora_2025").stdout.splitlines()]
    assert ["total_loss", "14", "dB", "measured", "kb"] in lines
    assert "0.99999999 " in run("show", "ibm_ftqc_roadmap").stdout


@pytest.mark.parametrize("format_", ["json", "yaml", "memq"])
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
    found = [(m["line"], m["key"], m["kind"]) for m in json.loads(result.stdout)]
    assert found == [(0, "modules", "mistake"), (1, "schema", "mistake")]


def test_check_lists_warnings_and_passes(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    link = "links:\n- {between: [a, b], use: cisco_nyc_2026}\n"
    path.write_text(GOOD + "- {name: b, data: 2, comm: 1, t2_s: 9}\n" + link, encoding="utf-8")
    result = run("check", str(path))
    assert (result.exit_code, result.stderr) == (0, "0 mistakes, 2 warnings\n")
    first, second = result.stdout.splitlines()
    assert first.startswith(f"{path}:6:3: warning[DQW202]: a--b: how long e-bits can be stored is unknown")
    assert second.startswith(f"{path}:6:21: warning[DQW204]: photons of cisco_nyc_2026 are detected, not stored")
    as_json = json.loads(run("check", str(path), "--format", "json").stdout)
    assert [finding["kind"] for finding in as_json] == ["warning", "warning"]


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
