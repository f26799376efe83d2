"""SCOREBOARD.md and README's section, both made from the recorded results and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.instances import ROOT
from tests.benchmarks.peers import SOURCES
from tests.benchmarks.results import Result
from tests.benchmarks.summary import losses, shares_of_proofs, standings
from tests.benchmarks.tables import blocks_of, markdown, standings_block

README = ROOT / "README.md"
SCOREBOARD = Path(__file__).with_name("SCOREBOARD.md")
BEGIN, END = "<!-- scoreboard: written by tests.benchmarks.scoreboard -->\n", "<!-- end of the scoreboard -->\n"

INTRODUCTION = """\
# Scoreboard

Written by `python -m tests.benchmarks.scoreboard --write` from `recorded.json`; do not edit.

E-bits, bounds and optimality are reproducible. CPU seconds are those of planning, after imports and after the local
search was compiled once, on one shared x86-64 core; MB is the peak memory of the planning process. `gap` is the share
of the e-bits that is not proved necessary. How the numbers of the peers came about stands at the end.
"""

LEGEND = """\
`mean ratio` is the geometric mean of e-bits over the best peer's; `s` (CPU seconds) and `MB` are the most of any
instance.
"""


def compared(results: Sequence[Result], accounting: str) -> list[Result]:
    """The results of normal effort that have peers."""
    normal = [result for result in results if result.instance.effort.value == "normal"]
    return [result for result in normal if result.ratio is not None and result.instance.accounting == accounting]


def scoreboard_document(results: Sequence[Result]) -> str:
    """The whole of SCOREBOARD.md."""
    parts = [INTRODUCTION, summary_text(results), "## Where a peer needs fewer\n", _losses_text(results)]
    for block in blocks_of(results):
        parts += [f"## {block.title}\n", markdown(block)]
    return "\n".join([*parts, "## The peers\n", SOURCES])


def summary_text(results: Sequence[Result]) -> str:
    """The comparison by family, for each accounting, and what the bounds prove."""
    return "\n".join(_summary_parts(results))


def _summary_parts(results: Sequence[Result]) -> Iterator[str]:
    for accounting in ("relaxed", "hard"):
        rivals = compared(results, accounting)
        if rivals:
            yield f"In {accounting} accounting, against the best peer of each instance:\n"
            yield markdown(standings_block("", standings(rivals)))
    yield LEGEND
    yield "".join(f"- {sentence}.\n" for sentence in shares_of_proofs(compared(results, "relaxed")))


def _losses_text(results: Sequence[Result]) -> str:
    worse = losses([*compared(results, "relaxed"), *compared(results, "hard")])
    return "".join(f"{sentence}\n" for sentence in map(loss_sentence, worse)) or "Nowhere.\n"


def loss_sentence(result: Result) -> str:
    """One line of a list: who needs how many fewer."""
    best, names = result.best_peers or (0, [])
    where = f"{result.instance.name} on {result.instance.hardware}"
    return f"- {where}: {result.ebits} against {best} of {' and '.join(names)}"


def readme_with(summary: str, text: str) -> str:
    """README's text with the summary between the two marks."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{summary}\n{END}{rest.split(END)[1]}"


def write_documents(results: Sequence[Result]) -> None:
    """Write SCOREBOARD.md and README's section."""
    SCOREBOARD.write_text(scoreboard_document(results), encoding="utf-8")
    README.write_text(readme_with(summary_text(results), README.read_text(encoding="utf-8")), encoding="utf-8")
