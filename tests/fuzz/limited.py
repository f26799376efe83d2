"""Cases run in a child process that may not take much time or memory, and is replaced when it took too much.

Time is processor time, so that a busy machine makes no findings; a long wall-clock limit ends what sleeps for ever.
Needs `fork` and POSIX's limits.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.commands import findings

CPU_S = 20.0
"""Of all commands of a case together."""
WALL_S = 300.0
MEMORY = 3 << 30
"""Bytes of address space that a case may add to what the process had."""
_ENDED_BY = {signal.SIGPROF: f"more than {CPU_S:g} s of processor time", signal.SIGALRM: f"more than {WALL_S:g} s"}


@dataclass(frozen=True)
class Case:
    """A file to run commands on; `label` says how to get it again."""

    label: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Finding:
    """What a case did that no input may bring about."""

    case: Case
    wrong: str
    command: str = ""
    stderr: str = ""

    def __str__(self) -> str:
        return f"{self.case.kind}: {self.case.label}: {self.wrong}: dqplan {self.command}\n{self.stderr[-3000:]}"


def run_limited(cases: Iterable[Case]) -> Iterator[Finding]:
    """Run the cases one after the other; yields what they did wrong, as it is found."""
    rest = list(cases)
    _warm(rest)
    while rest:
        done = yield from _run_until_death(rest)
        rest = rest[done:]


def _warm(cases: list[Case]) -> None:
    """Import and prepare everything once, for all children."""
    for kind in {case.kind for case in cases}:
        with TemporaryDirectory() as folder:
            list(findings(kind, b"", Path(folder)))
    gc.freeze()


def _run_until_death(cases: list[Case]) -> Iterator[Finding]:
    """Returns how many cases are done with, the one that ended the child included."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        _child(cases, write)
    os.close(write)
    current = -1
    with os.fdopen(read, encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            current = told.pop("number", current)
            if told:
                yield Finding(cases[current], **told)
    ending = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ending:
        how = _ENDED_BY.get(signal.Signals(-ending), signal.Signals(-ending).name) if ending < 0 else f"exit {ending}"
        yield Finding(cases[max(0, current)], f"ended by {how}")
    return current + 1 if ending else len(cases)


def _child(cases: list[Case], pipe: int) -> None:
    """Runs the cases and never returns."""
    status = 97
    try:
        have = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (have + MEMORY, have + MEMORY))
        with os.fdopen(pipe, "w", encoding="utf-8") as out:
            for number, case in enumerate(cases):
                _limit()
                print(json.dumps({"number": number}), file=out, flush=True)
                with TemporaryDirectory(prefix="dqplan-fuzz-") as folder:
                    for outcome, wrong in findings(case.kind, case.content, Path(folder)):
                        told = {"wrong": wrong, "command": " ".join(outcome.args), "stderr": outcome.stderr[-3000:]}
                        print(json.dumps(told), file=out, flush=True)
        status = 0
    finally:
        os._exit(status)


def _limit() -> None:
    """Grant time for one case; both signals end a process that does not expect them."""
    signal.setitimer(signal.ITIMER_PROF, CPU_S)
    signal.setitimer(signal.ITIMER_REAL, WALL_S)
