"""Specifications: what they mean, and what is said about wrong ones."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dqplan.core.errors import SpecError
from dqplan.load.load_hardware import load_hardware
from dqplan.sweep.grid import Grid, combinations_of
from dqplan.sweep.load_sweep import load_sweep
from dqplan.sweep.row import Options, Row
from dqplan.sweep.schema import SweepFile
from dqplan.sweep.spreads import values_of
from tests.conftest import SAMPLES
from tests.sweep.cases import SMALL, small, spec


def test_a_grid_is_every_combination_circuits_first(tmp_path: Path) -> None:
    rows = small(tmp_path).rows
    assert len(rows) == 2 * (1 + 4) * 2
    assert [(row.circuit, row.hardware, row.seed) for row in rows[:4]] == [
        ("ghz_8", "all:2x5", 0),
        ("ghz_8", "all:2x5", 1),
        ("ghz_8", "line:2x4+1", 0),
        ("ghz_8", "line:2x4+1", 1),
    ]
    assert rows[-1].parameters == {"modules": 3, "comm": 2}
    last = rows[-1]
    assert (last.num_modules, last.data_qubits, last.qubits, last.num_qubits) == (3, 3 * 4, 3 * (4 + 2), 8)


def test_hardware_is_the_one_that_the_name_means(tmp_path: Path) -> None:
    sweep = small(tmp_path, hardware=["oxford_2025", "line:2x4+1"])
    assert {row.hardware: row.hardware_digest for row in sweep.rows} == {
        name: load_hardware(name).digest for name in ("oxford_2025", "line:2x4+1")
    }


def test_parameters_are_keys_of_the_hardware_with_or_without_the_number_of_the_item(tmp_path: Path) -> None:
    def with_rates(path: str) -> set[str]:
        template = {"base": "line:3x4+1", "parameters": {path: {"logspace": [1, 100, 3]}}}
        sweep = small(tmp_path, hardware=[template])
        assert sweep.rows[0].hardware == "line:3x4+1 rate_hz=1"
        return {row.hardware_digest for row in sweep.rows}

    everywhere = with_rates("links.ebit.rate_hz")
    assert len(everywhere) == 3
    assert everywhere == with_rates("links.0.ebit.rate_hz")  # one entry makes both links


def test_names_of_hardware_are_short_but_tell_parameters_apart(tmp_path: Path) -> None:
    values = {"links.ebit.fidelity": [0.9], "links.ebit.rate_hz": [1e5], "modules.two_qubit.fidelity": [1]}
    sweep = small(tmp_path, hardware=[{"base": "line:2x4+1", "parameters": values}])
    assert sweep.rows[0].hardware == ("line:2x4+1 links.ebit.fidelity=0.9 rate_hz=100000 modules.two_qubit.fidelity=1")
    assert sweep.rows[0].parameters == {name: value for name, (value,) in values.items()}


def test_points_are_parameters_that_vary_together(tmp_path: Path) -> None:
    template = {"base": "all:{m}x{d}", "points": [{"m": 2, "d": 8}, {"m": 4, "d": 4}]}
    sweep = small(tmp_path, hardware=[template], seeds=[0])
    assert [row.hardware for row in sweep.rows[:2]] == ["all:2x8", "all:4x4"]


def test_files_are_looked_for_beside_the_specification(tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "two.yaml").write_text(
        yaml.dump({"schema": "dqplan.hardware/1", "modules": [{"name": "m", "count": 2, "data": 5, "comm": 1}]})
    )
    (tmp_path / "one.qasm").write_text("OPENQASM 3.0; qubit[2] q;")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "one.qasm").write_text("OPENQASM 3.0; qubit[3] q;")
    sweep = small(tmp_path, circuits=["*.qasm", "deep/**/*.qasm"], hardware=["nets/two.yaml"], seeds=[0])
    assert [row.num_qubits for row in sweep.rows] == [2, 3]
    assert [Path(row.circuit).name for row in sweep.rows] == ["one.qasm", "one.qasm"]  # stems alone would be the same


def test_mistakes_in_a_hardware_file_are_told_with_its_lines(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text("schema: dqplan.hardware/1\nmodules:\n- {name: m, data: two, comm: 1}\n")
    with pytest.raises(SpecError, match=r"hardware\.0: .*net\.yaml:3:13: modules\.0\.data: found `two`"):
        small(tmp_path, hardware=["net.yaml"])


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
def test_file_names_that_are_no_text_are_spelled_out(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff.qasm", os.O_CREAT))
    sweep = small(tmp_path, circuits=["*.qasm"], hardware=["all:2x2"], seeds=[0])
    assert sweep.rows[0].circuit == "\\udcff"
    assert "udcff.qasm: is empty" in sweep.workloads[sweep.rows[0].circuit_digest].message


def test_several_grids_one_after_the_other_and_no_row_twice(tmp_path: Path) -> None:
    grid = {key: SMALL[key] for key in ("hardware", "seeds")}
    one = {**grid, "circuits": [str(SAMPLES / "ghz_8.qasm")]}
    content = {"schema": "dqplan.sweep/1", "grids": [one, {**one, "seeds": [1, 2]}]}
    rows = load_sweep(str(spec(tmp_path, content))).rows
    assert [row.seed for row in rows] == [0, 1] * 5 + [2] * 5


def test_two_names_of_one_circuit_share_their_key(tmp_path: Path) -> None:
    for name in ("a.qasm", "b.qasm"):
        (tmp_path / name).write_text("OPENQASM 3.0; qubit[2] q; cx q[0], q[1];")
    rows = small(tmp_path, circuits=["?.qasm"], hardware=["all:2x2"], seeds=[0]).rows
    assert [row.circuit for row in rows] == ["a", "b"]
    assert len({row.key for row in rows}) == 1


def test_a_circuit_that_cannot_be_read_is_a_row_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "bad.qasm").write_text("OPENQASM 3.0; qubit[2] q; nonsense q[0];")
    (tmp_path / "empty.qasm").write_text("")
    sweep = small(tmp_path, circuits=["*.qasm"], hardware=["all:2x2"], seeds=[0])
    assert [sweep.workloads[row.circuit_digest].code for row in sweep.rows] == ["DQ104", "DQ101"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ({"linspace": [1, 4, 4]}, [1, 2, 3, 4]),
        ({"linspace": [0.9, 1.0, 3]}, [0.9, 0.95, 1.0]),
        ({"logspace": [2, 32, 5]}, [2, 4, 8, 16, 32]),
        ({"logspace": [1000.0, 10.0, 3]}, [1000.0, 100.0, 10.0]),
        ({"linspace": [5, 9, 1]}, [5]),
        ([1, "unlimited", 2.5], [1, "unlimited", 2.5]),
        (7, [7]),
    ],
)
def test_spreads(text: object, values: list[object]) -> None:
    from dqplan.sweep.schema import Spread

    found = values_of(Spread.model_validate(text))
    assert found == values
    assert list(map(type, found)) == list(map(type, values))


@given(st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=3), min_size=1, max_size=3), st.data())
def test_a_sample_is_some_rows_of_the_grid_in_their_order(sizes: list[list[int]], data: st.DataObject) -> None:
    grids = [Grid(tuple([f"{g}{a}{i}" for i in range(n)] for a, n in enumerate(axes))) for g, axes in enumerate(sizes)]
    everything = list(combinations_of(grids, None, 0))
    assert len(everything) == len(set(everything)) == sum(map(len, grids))
    rows, seed = data.draw(st.integers(1, 70)), data.draw(st.integers(0, 9))
    some = list(combinations_of(grids, rows, seed))
    assert len(some) == min(rows, len(everything))
    assert some == [row for row in everything if row in set(some)]
    assert some == list(combinations_of(grids, rows, seed))


def test_a_sample_of_an_endless_grid_takes_no_time(tmp_path: Path) -> None:
    seeds = {"count": 100_000}
    sweep = small(tmp_path, seeds=seeds, sample={"rows": 5, "seed": 3}, options={"relaxed": [True, False]})
    assert len(sweep.rows) == 5


ROW = Row("c", "h", {}, "1", "2", 3, 4, 5, 6, 7, Options(), 0, "0.1.0")
DECIDES = {
    "circuit_digest": st.text(max_size=3),
    "hardware_digest": st.text(max_size=3),
    "seed": st.integers(0, 3),
    "version": st.sampled_from(["0.1.0", "0.1.1"]),
    "options": st.builds(
        Options,
        st.sampled_from(["quick", "normal"]),
        st.sampled_from(["ebits", "time"]),
        st.booleans(),
        st.booleans(),
        st.sampled_from([None, 1.0]),
    ),
}
NAMES = {"circuit": st.text(max_size=3), "hardware": st.text(max_size=3), "num_modules": st.integers(0, 3)}


@given(st.fixed_dictionaries(DECIDES), st.fixed_dictionaries(DECIDES), st.fixed_dictionaries(NAMES))
def test_keys_are_equal_just_if_all_that_decides_is_equal(
    one: dict[str, object], other: dict[str, object], names: dict[str, object]
) -> None:
    same = replace(ROW, **one).key == replace(ROW, **names, **other).key  # type: ignore[arg-type]
    assert same == (one == other)


WRONG = [
    ("sweep/1", "sweep/2", "spec.yaml:2:1: schema: found `dqplan.sweep/2`; expected 'dqplan.sweep/1'"),
    ("circuits: [", "circuit: [", "spec.yaml:3:1: circuit: unknown key"),
    ("seeds: [0]", "seeds: [0, -1]", "spec.yaml:9:12: seeds.1: found -1; expected a number of at least 0"),
    ("seeds: [0]", "seeds: {first: 1}", "spec.yaml:9:1: seeds: expected a list, or how many: `{count: 5}`"),
    ("effort: quick", "effort: heroic", "spec.yaml:8:12: options.effort: found `heroic`; expected 'quick', 'normal'"),
    ("effort: quick", "objective: fame", "spec.yaml:8:12: options.objective: `fame` is nothing to plan for"),
    ("effort: quick", "afford: quick", "spec.yaml:8:12: options.afford: unknown key"),
    ("effort: quick", "time_limit_s: 0", "options.time_limit_s: found 0; expected a number above 0"),
    ("modules: [2]", "modules: []", "hardware.0.parameters.modules: found a list of 0; expected a list of at least 1"),
    ("modules: [2]", "modules: {linspce: [1, 2, 3]}", "hardware.0.parameters.modules.linspce: unknown key"),
    ("modules: [2]", "modules: {logspace: [0, 2, 3]}", "hardware.0.parameters.modules.logspace: found 0; equal ratios"),
    ("modules: [2]", "modules: {linspace: [1, 2, 2.5]}", "parameters.modules.linspace: found 2.5 as the third number"),
    ("modules: [2]", "modules: {}", "spec.yaml:7:17: hardware.0.parameters.modules: found nothing; expected a list"),
    ("modules: [2]", "moduls: [2]", "spec.yaml:6:3: hardware.0.base: `{modules}` has no values"),
    ("modules: [2]", "modules: [1001]", "spec.yaml:6:3: hardware.0.base: line:1001x9: found 1001 modules"),
    ("modules: [2]", "modules: 2, color: 3", "hardware.0.parameters.color: `color` is neither in braces"),
    (
        "modules: [2]",
        "modules: 2, links.7.weight: 2",
        "hardware.0.parameters.links.7.weight: `links.7.weight` is neither",
    ),
    ("modules: [2]", "modules: 2, links.ebit.fidelity: [0.9, 1.5]", "links.ebit.fidelity: "),
    ("modules: [2]", "modules: 2, links.0.ebit.fidelty: 1", "links.0.ebit.fidelty: "),
    ("base: line:{modules}x9", "base: oxfort_2025", "hardware.0.base: `oxfort_2025` is neither a preset"),
    ("base: line:{modules}x9", "base: none.yaml", "none.yaml: no such file"),
    ("ghz_8.qasm]", "nothing_*.qasm]", "spec.yaml:3:12: circuits.0: `"),
    ("sample: {rows: 1}", "sample: {rows: 0}", "sample.rows: found 0; expected a number of at least 1"),
    ("sample: {rows: 1}", "seeds: [1]", "spec.yaml:10:1: seeds: this key stands twice"),
    ("sample: {rows: 1}", "grids: []", ""),
    ("sample: {rows: 1}", "grids: [{circuits: [x], hardware: [y]}]", "spec.yaml:10:1: grids: there is one grid more"),
    ("sample: {rows: 1}", "sample: &a {rows: 1}", "not readable as YAML or JSON: anchors and aliases"),
]
RIGHT = f"""
schema: dqplan.sweep/1
circuits: [{SAMPLES}/ghz_8.qasm]
title: one
hardware:
- base: line:{{modules}}x9
  parameters: {{ modules: [2] }}
options: {{ effort: quick }}
seeds: [0]
sample: {{rows: 1}}
"""


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG, ids=[wrong for _, wrong, _ in WRONG])
def test_mistakes_are_told_with_file_line_and_key(right: str, wrong: str, said: str, tmp_path: Path) -> None:
    assert right in RIGHT
    path = spec(tmp_path, RIGHT.replace(right, wrong, 1), "spec.yaml")
    if not said:
        assert load_sweep(str(path)).rows
        return
    with pytest.raises(SpecError) as found:
        load_sweep(str(path))
    assert said in str(found.value).replace(str(path), "spec.yaml")
    assert found.value.place
    assert found.value.place.line or said.startswith("not readable")


def test_the_nearest_known_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as found:
        load_sweep(str(spec(tmp_path, RIGHT.replace("hardware:", "hardwear:"), "spec.yaml")))
    assert "did you mean `hardware`?" in found.value.hint


def test_an_empty_file_is_told_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as found:
        load_sweep(str(spec(tmp_path, "# nothing yet\n", "spec.yaml")))
    assert "dqplan.sweep/1" in found.value.hint


def test_too_many_rows_ask_for_a_sample(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="3,000,000 rows; at most 200,000") as found:
        small(tmp_path, seeds={"count": 100_000}, options={"relaxed": [False], "time_limit_s": [1, 2, 3]})
    assert "sample" in found.value.hint


def test_the_json_schema_accepts_what_is_read_and_refuses_other_keys() -> None:
    schema = SweepFile.model_json_schema()
    jsonschema.validate(SMALL, schema)
    jsonschema.validate(yaml.safe_load(RIGHT), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**SMALL, "colour": 1}, schema)
    assert json.dumps(schema)
