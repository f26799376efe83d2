"""Results as tables: on a terminal, in Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.table import Table

from tests.benchmarks.peers import shown
from tests.benchmarks.results import Result
from tests.benchmarks.summary import Standing


@dataclass(frozen=True)
class Block:
    """A table: a title, headings, and rows of cells."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def blocks_of(results: Iterable[Result]) -> list[Block]:
    """One table for each origin, accounting and effort."""
    return [_block(title, list(group)) for title, group in groupby(results, _title)]


def _title(result: Result) -> str:
    instance = result.instance
    origin = "Sample circuits" if instance.is_sample else "Circuits of the peers"
    return f"{origin}, {instance.accounting} accounting, {instance.effort.value} effort"


def _block(title: str, results: Sequence[Result]) -> Block:
    rivals = list(dict.fromkeys(name for result in results for name in shown(result.instance.peers)))
    comparison = ["best peer", "ratio", *rivals] if rivals else []
    headings = ["circuit", "hardware", "e-bits", "bound", "gap", *comparison, "CPU s", "MB"]
    return Block(title, headings, [_cells(result, rivals) for result in results])


def _cells(result: Result, rivals: Sequence[str]) -> list[str]:
    numbers = shown(result.instance.peers)
    best = result.best_peers
    comparison = [f"{best[0]}" if best else "", _ratio(result.ratio), *(f"{numbers.get(n, '')}" for n in rivals)]
    gap = "optimal" if result.optimal else f"{100 * result.gap:.0f}%"
    return [
        result.instance.name,
        result.instance.hardware,
        f"{result.ebits}",
        f"{result.bound}",
        gap,
        *(comparison if rivals else []),
        f"{result.cpu_s:.3g}",
        f"{result.peak_mb}",
    ]


def _ratio(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}"


def standings_block(title: str, standings: Iterable[Standing]) -> Block:
    """How the families compare with the best peer of each instance."""
    headings = [
        "circuits",
        "instances",
        "e-bits",
        "best peer",
        "mean ratio",
        "fewer",
        "equal",
        "more",
        "optimal",
        "s",
        "MB",
    ]
    return Block(title, headings, [_standing_cells(standing) for standing in standings])


def _standing_cells(standing: Standing) -> list[str]:
    results = standing.results
    numbers = (len(results), standing.ebits, standing.best_peers)
    counts = (*map(standing.count, (-1, 0, 1)), sum(result.optimal for result in results))
    most = (f"{max(result.cpu_s for result in results):.3g}", f"{max(result.peak_mb for result in results)}")
    return [standing.name, *map(str, numbers), f"{standing.mean_ratio:.2f}", *map(str, counts), *most]


def rich_table(block: Block) -> Table:
    """For a terminal."""
    table = Table(title=block.title, title_justify="left")
    for heading in block.headings:
        table.add_column(heading, justify="left" if heading in ("circuit", "circuits", "hardware") else "right")
    for row in block.rows:
        table.add_row(*row)
    return table


def markdown(block: Block) -> str:
    """For a document, without the title."""
    rule = ["---" if heading in ("circuit", "circuits", "hardware") else "---:" for heading in block.headings]
    return "".join(f"| {' | '.join(row)} |\n" for row in (block.headings, rule, *block.rows))


def csv_text(results: Iterable[Result]) -> str:
    """One line for each result, peers in columns."""
    records = list(_records(results))
    headings = list(dict.fromkeys(name for record in records for name in record))
    text = io.StringIO()
    writer = csv.DictWriter(text, headings, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def json_text(results: Iterable[Result]) -> str:
    """One object for each result."""
    return json.dumps(list(_records(results)), indent=1, ensure_ascii=False) + "\n"


def _records(results: Iterable[Result]) -> Iterator[dict[str, object]]:
    for result in results:
        instance = result.instance
        best = result.best_peers
        yield {
            "circuit": instance.circuit,
            "hardware": instance.hardware,
            "accounting": instance.accounting,
            "effort": instance.effort.value,
            "ebits": result.ebits,
            "bound": result.bound,
            "gap": round(result.gap, 4),
            "optimal": result.optimal,
            "proved_by": result.proved_by,
            "cpu_s": result.cpu_s,
            "peak_mb": result.peak_mb,
            "best_peer": best and best[0],
            "ratio": result.ratio and round(result.ratio, 4),
            **shown(instance.peers),
        }
