"""Results -> a table as CSV and Parquet. Times are kept apart, so that the table of a resumed sweep is the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from dqplan.core.tally import FIGURES, Figure
from dqplan.sweep.manifest import replace_file
from dqplan.sweep.results import Results
from dqplan.sweep.row import Outcome, Row

if TYPE_CHECKING:
    import pyarrow as pa

_FORMULA = ("=", "+", "-", "@")
"""What a formula of a spreadsheet may begin with; an apostrophe before it makes it text."""
CSV, PARQUET, TIMES = "table.csv", "table.parquet", "times.csv"
_ROW: dict[str, type] = {
    "key": str,
    "circuit": str,
    "num_qubits": int,
    "num_gates_2q": int,
    "hardware": str,
    "num_modules": int,
    "data_qubits": int,
    "qubits": int,
}
_OPTIONS: dict[str, type] = {"effort": str, "objective": str, "relaxed": bool, "recompile": bool, "time_limit_s": float}
_ENDING: dict[str, type] = {"status": str, **FIGURES, "code": str, "message": str, "version": str}


def columns_of(results: Results) -> dict[str, type]:
    """Names and types of the columns; parameters of hardware templates are called `hardware.<name>`."""
    parameters: dict[str, type] = {}
    for row in results.manifest.rows:
        for name, value in row.parameters.items():
            known = parameters.setdefault(f"hardware.{name}", type(value))
            if known is not type(value):
                parameters[f"hardware.{name}"] = float if {known, type(value)} == {int, float} else str
    return {**_ROW, **parameters, **_OPTIONS, "seed": int, **_ENDING}


def record_of(row: Row, outcome: Outcome) -> dict[str, Figure]:
    """One line of the table, by column; what does not apply is left out or None."""
    return {
        **{name: getattr(row, name) for name in _ROW},
        **{f"hardware.{name}": value for name, value in row.parameters.items()},
        **asdict(row.options),
        "seed": row.seed,
        "status": outcome.status.value,
        **outcome.figures,
        "code": outcome.code,
        "message": outcome.message,
        "version": row.version,
    }


def write_tables(directory: str, results: Results) -> list[str]:
    """Write the finished rows, in the order of the specification, and return the names of the files.

    table.csv and table.parquet (if pyarrow is installed) hold what is reproducible; times.csv the seconds that each row
    took.
    """
    target = Path(directory)
    replace_file(target / CSV, table_csv(results).encode())
    times = ((row.key, row.circuit, row.hardware, outcome.elapsed_s) for row, outcome in results.finished)
    replace_file(target / TIMES, _csv(("key", "circuit", "hardware", "elapsed_s"), times).encode())
    if find_spec("pyarrow") is None:
        (target / PARQUET).unlink(missing_ok=True)  # an older one would tell something else than table.csv
        return [CSV, TIMES]
    replace_file(target / PARQUET, table_parquet(results))
    return [CSV, PARQUET, TIMES]


def table_csv(results: Results) -> str:
    """The finished rows as CSV: UTF-8, a header, empty cells for what is unknown, `true` and `false`."""
    columns = columns_of(results)
    records = (record_of(row, outcome) for row, outcome in results.finished)
    return _csv(tuple(columns), ([_cell(record.get(name)) for name in columns] for record in records))


def _csv(header: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(_harmless, header))
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return text.getvalue()


def _harmless(cell: object) -> object:
    """Text that neither a spreadsheet takes for a formula nor a terminal for a command."""
    if not isinstance(cell, str):
        return cell
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cell(value: Figure) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def table_parquet(results: Results) -> bytes:
    """The finished rows as a Parquet file, with the columns of `table_csv`; needs pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = columns_of(results)
    records = [record_of(row, outcome) for row, outcome in results.finished]
    arrays = [_array([record.get(name) for record in records], kind) for name, kind in columns.items()]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays, names=list(columns)), sink)
    return bytes(sink.getvalue())


def _array(values: Sequence[Figure], kind: type) -> pa.Array:
    """A column of one type; a parameter that is now a number and now a word is written as text."""
    import pyarrow as pa

    types = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), str: pa.string()}
    return pa.array([None if value is None else kind(value) for value in values], types[kind])
