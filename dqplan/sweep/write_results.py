"""Results -> the files that are made from outcomes: tables and pictures."""

from __future__ import annotations

from pathlib import Path

from dqplan.sweep.manifest import replace_file
from dqplan.sweep.plot import plots_of
from dqplan.sweep.results import Results
from dqplan.sweep.table import write_tables


def write_results(directory: str, results: Results) -> None:
    """Write the tables of `write_tables` and the pictures of `plots_of`; pictures of earlier rows go.

    Raises:
        OutputError: they cannot be written.
    """
    write_tables(directory, results)
    pictures = plots_of(results)
    for old in Path(directory).glob("plot_*.svg"):
        if old.name not in pictures:
            old.unlink()
    for name, picture in pictures.items():
        replace_file(Path(directory, name), picture.encode())
