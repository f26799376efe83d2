"""Tables, summaries and estimates of results that are made up."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqplan.sweep import table as stage
from dqplan.sweep.estimate import estimate_sweep
from dqplan.sweep.manifest import Manifest
from dqplan.sweep.results import Results
from dqplan.sweep.row import Ending, Figure, Options, Outcome, Row
from dqplan.sweep.summary import best_rows, fronts, results_document
from dqplan.sweep.table import FIGURES, columns_of, table_csv, write_tables
from tests.sweep.cases import small

BLANK: dict[str, Figure] = dict.fromkeys(FIGURES)


def row(number: int, circuit: str = "c", hardware: str = "h", qubits: int = 9, **parameters: int | float | str) -> Row:
    return Row(circuit, hardware, parameters, circuit, hardware, 3, 2, 2, 8, qubits, Options("quick"), number, "0.1.0")


def planned(row: Row, ebits: int, p95_s: float | None = None, fidelity: float | None = None) -> Outcome:
    figures = {**BLANK, "ebits": ebits, "weighted_ebits": float(ebits), "p95_s": p95_s, "fidelity": fidelity}
    return Outcome(row.key, Ending.PLANNED, {**figures, "optimal": False, "bound": 0}, elapsed_s=2.0)


def results(pairs: Mapping[Row, Outcome] | list[tuple[Row, Outcome]]) -> Results:
    pairs = list(pairs)
    return Results(Manifest("", (), tuple(row for row, _ in pairs)), {row.key: outcome for row, outcome in pairs})


def test_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    rows = [row(0, rate=1, name='a "b", c'), row(1, rate=2.5, name="é"), row(2)]
    found = results(
        [
            (rows[0], planned(rows[0], 3, 0.1, 0.9)),
            (rows[1], Outcome(rows[1].key, Ending.INFEASIBLE, code="DQ501", message="too small")),
            (rows[2], planned(rows[2], 0)),
        ]
    )
    assert write_tables(str(tmp_path), found) == ["table.csv", "table.parquet", "times.csv"]
    lines = list(csv.DictReader(io.StringIO((tmp_path / "table.csv").read_text(encoding="utf-8"))))
    table = pq.read_table(tmp_path / "table.parquet")
    assert table.column_names == list(lines[0]) == list(columns_of(found))
    for line, record in zip(lines, table.to_pylist(), strict=True):
        for name, cell in line.items():
            value = record[name]
            spelled = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            assert cell == spelled or float(cell) == value
    assert [line["hardware.rate"] for line in lines] == ["1", "2.5", ""]
    assert table.column("hardware.rate").to_pylist() == [1.0, 2.5, None]


def test_times_are_beside_the_table_and_not_in_it(tmp_path: Path) -> None:
    found = results([(row(0), planned(row(0), 3))])
    write_tables(str(tmp_path), found)
    assert "elapsed" not in (tmp_path / "table.csv").read_text()
    assert (tmp_path / "times.csv").read_text().splitlines()[1].endswith(",c,h,2.0")


def test_without_pyarrow_an_old_parquet_file_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = results([(row(0), planned(row(0), 3))])
    write_tables(str(tmp_path), found)
    monkeypatch.setattr(stage, "find_spec", lambda name: None)
    assert write_tables(str(tmp_path), found) == ["table.csv", "times.csv"]
    assert not (tmp_path / "table.parquet").exists()


def test_two_names_of_one_row_are_two_lines(tmp_path: Path) -> None:
    first, second = row(0), Row(**{**vars(row(0)), "circuit": "d"})
    assert first.key == second.key
    text = table_csv(Results(Manifest("", (), (first, second)), {first.key: planned(first, 1)}))
    assert [line.split(",")[1] for line in text.splitlines()] == ["circuit", "c", "d"]


FEW = st.none() | st.sampled_from([0.1, 0.5, 0.9])
ROWS = st.lists(
    st.tuples(st.sampled_from("cd"), st.sampled_from("gh"), st.integers(0, 2), FEW, FEW, st.integers(1, 2)), max_size=9
)


@given(ROWS)
def test_fronts_hold_what_no_other_row_beats_and_each_figure_once(
    drawn: list[tuple[str, str, int, float | None, float | None, int]],
) -> None:
    pairs, loss = [], {}
    for number, (circuit, hardware, ebits, p95_s, fidelity, qubits) in enumerate(drawn):
        one = row(number, circuit, hardware, qubits)
        pairs.append((one, planned(one, ebits, p95_s, fidelity)))
        loss[one.key] = (ebits, 9.0 if p95_s is None else p95_s, 9.0 if fidelity is None else 1 - fidelity, qubits)

    def beats(one: Row, other: Row) -> bool:
        better = all(a <= b for a, b in zip(loss[one.key], loss[other.key], strict=True))
        return one.circuit == other.circuit and better and loss[one.key] != loss[other.key]

    rows = [one for one, _ in pairs]
    expected = {(one.circuit, loss[one.key]) for one in rows if not any(beats(other, one) for other in rows)}
    found = [(circuit, loss[one.key]) for circuit, front in fronts(results(pairs)).items() for one, _ in front]
    assert sorted(found) == sorted(expected)


def test_the_best_row_of_circuit_and_hardware_has_the_fewest_ebits_then_ends_soonest() -> None:
    rows = [row(0), row(1), row(2), row(3, hardware="g"), row(4, circuit="d")]
    ebits = [(3, 0.1), (2, 0.5), (2, 0.4), (9, None), (7, None)]
    found = results([(one, planned(one, *figures)) for one, figures in zip(rows, ebits, strict=True)])
    assert [one.seed for one, _ in best_rows(found)] == [2, 3, 4]


def test_the_document_is_json_and_names_rows_by_key() -> None:
    found = results([(row(0), planned(row(0), 3)), (row(1), Outcome(row(1).key, Ending.FAILED, code="DQ901"))])
    document = json.loads(json.dumps(results_document(found)))
    assert document["counts"] == {"planned": 1, "infeasible": 0, "failed": 1, "unfinished": 0}
    assert document["best"] == document["fronts"]["c"] == [document["rows"][0]["key"]]


def test_estimates_say_what_they_rest_on(tmp_path: Path) -> None:
    sweep = small(tmp_path)
    rough = estimate_sweep(sweep, {}, 2)
    assert (rough.rows, rough.missing) == (20, 20)
    assert "rule of thumb" in rough.basis
    known = {row.key: Outcome(row.key, Ending.PLANNED, elapsed_s=3.0) for row in sweep.rows[::2]}
    better = estimate_sweep(sweep, known, 2)
    assert (better.missing, better.basis) == (10, "from the times of 10 finished rows")
    assert better.seconds == pytest.approx(15.0)
