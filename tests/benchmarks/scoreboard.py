"""Plan every instance and print what it costs, beside proved bounds and the recorded results of other planners.

    python -m tests.benchmarks.scoreboard [--bench DIR] [--only PATTERN] [--effort E] [--jobs N] [--format F] [--write]

The sample circuits are always there; the peers' instances are those of `DIR/peers.json`, if a folder is given. Progress
goes to standard error. The exit status is 1 if an instance could not be planned.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from rich.console import Console

from dqplan.core.plan import Effort
from tests.benchmarks.documents import compared, loss_sentence, write_documents
from tests.benchmarks.instances import SAMPLES, Instance, peers_instances, sample_instances
from tests.benchmarks.measure import Failure, measured
from tests.benchmarks.peers import SOURCES
from tests.benchmarks.results import Result, merged, read_results, write_results
from tests.benchmarks.summary import losses, shares_of_proofs, standings
from tests.benchmarks.tables import blocks_of, csv_text, json_text, markdown, rich_table, standings_block

WARM_UP = [
    Instance(f"{SAMPLES}/qaoa_16.qasm", hardware, accounting, Effort.NORMAL)
    for hardware, accounting in (("line:4x5", "relaxed"), ("grid:2x2x5+2", "hard"))
]
"""Planned first and forgotten: after an installation, the search and the repair compile themselves."""


def options() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scoreboard", description=__doc__.splitlines()[0])
    add = parser.add_argument
    add(
        "--bench",
        type=Path,
        default=os.environ.get("DQPLAN_BENCH") or None,
        metavar="DIR",
        help="folder with peers.json [$DQPLAN_BENCH]",
    )
    add("--effort", type=Effort, choices=list(Effort), help="[normal; for the samples quick as well]")
    add("--only", default="", metavar="PATTERN", help="regular expression on 'circuit hardware accounting effort'")
    add("--jobs", type=int, default=1, metavar="N", help="instances at once; results do not depend on it [1]")
    add("--limit", type=float, default=900, metavar="SECONDS", help="wall-clock time of one instance [900]")
    add("--format", choices=["table", "markdown", "csv", "json"], default="table")
    add("--write", action="store_true", help="record the results, rewrite SCOREBOARD.md and README's section")
    asked = parser.parse_args()
    if asked.bench and not (asked.bench / "peers.json").is_file():
        parser.error(f"{asked.bench} holds no peers.json")
    return asked


def chosen(bench: Path | None, effort: Effort | None, only: str) -> list[Instance]:
    """The instances that are asked for."""
    instances = list(peers_instances(bench, effort or Effort.NORMAL)) if bench else []
    for each in [effort] if effort else [Effort.QUICK, Effort.NORMAL]:
        instances += sample_instances(each)
    return [instance for instance in instances if re.search(only, " ".join(instance.key))]


def outcomes(
    instances: Sequence[Instance], bench: Path | None, jobs: int, limit_s: float
) -> Iterator[Result | Failure]:
    """Plan the instances, some at once, and say what came out; in their order."""
    for instance in WARM_UP if instances else []:
        measured(instance, bench, limit_s)
    with ThreadPoolExecutor(jobs) as pool:
        for number, outcome in enumerate(pool.map(partial(measured, bench=bench, limit_s=limit_s), instances), 1):
            found = f"{outcome.ebits} e-bits" if isinstance(outcome, Result) else outcome.reason
            print(f"{number}/{len(instances)} {' '.join(outcome.instance.key)}: {found}", file=sys.stderr, flush=True)
            yield outcome


def report(results: Sequence[Result], form: str) -> None:
    """Print the results to standard output."""
    if form == "csv":
        print(csv_text(results), end="")
    elif form == "json":
        print(json_text(results), end="")
    elif form == "markdown":
        print("\n".join(f"## {block.title}\n\n{markdown(block)}" for block in blocks_of(results)), end="")
    else:
        _print_tables(results)


def _print_tables(results: Sequence[Result]) -> None:
    console = Console(width=None if sys.stdout.isatty() else 160)
    for block in blocks_of(results):
        console.print(rich_table(block))
    for accounting in ("relaxed", "hard"):
        rivals = compared(results, accounting)
        if rivals:
            console.print(rich_table(standings_block(f"Against the best peer, {accounting}", standings(rivals))))
            console.print(*map(loss_sentence, losses(rivals)), sep="\n", highlight=False)
    if any(result.ratio for result in results):
        console.print(*shares_of_proofs(compared(results, "relaxed")), "", SOURCES, sep="\n", highlight=False)


def planned(asked: argparse.Namespace) -> Iterator[Result | Failure]:
    """Plan what is asked for; if results are to be recorded, each at once, so that an interruption loses one only."""
    bench = asked.bench.resolve() if asked.bench else None
    for outcome in outcomes(chosen(bench, asked.effort, asked.only), bench, asked.jobs, asked.limit):
        if asked.write and isinstance(outcome, Result):
            write_results(merged(read_results(), [outcome]))
        yield outcome


def main() -> int:
    asked = options()
    found = list(planned(asked))
    report(merged([], [outcome for outcome in found if isinstance(outcome, Result)]), asked.format)
    if asked.write:
        write_documents(read_results())
    failures = [outcome for outcome in found if isinstance(outcome, Failure)]
    for failure in failures:
        print(f"failed: {' '.join(failure.instance.key)}: {failure.reason}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
