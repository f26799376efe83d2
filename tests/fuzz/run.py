"""Long runs of mutated files: `python -m tests.fuzz.run [KIND ...]`.

DQPLAN_FUZZ_SECONDS (default 60) is the time for each kind, DQPLAN_FUZZ_FIRST (0) the number of the first case, and
DQPLAN_FUZZ_KEEP (fuzz-findings) the folder for files that were found. A case is known by its kind and number: the same
number is the same file. Status 1 if anything was found.
"""

from __future__ import annotations

import os
import re
import resource
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path
from random import Random

from tests.fuzz.commands import KINDS
from tests.fuzz.limited import Case, Finding, run_limited
from tests.fuzz.mutate import mutated

_BATCH = 200
_FRAME = re.compile(r'File "[^"]*?([^/"]+/[^/"]+)", line (\d+)')


def case_of(kind: str, number: int) -> Case:
    """The mutated file of this number."""
    return Case(f"case {number}", kind, mutated(Random(f"{kind} {number}"), kind))


def run_kind(kind: str, seconds: float, first: int, keep: Path) -> Counter[str]:
    """Run cases for a time; prints what was done, and returns how often each thing was found."""
    found: Counter[str] = Counter()
    begun, before = time.monotonic(), _cpu_s()
    done = 0
    for batch in count(first, _BATCH):
        for finding in run_limited([case_of(kind, number) for number in range(batch, batch + _BATCH)]):
            signature = _signature(finding)
            found[signature] += 1
            if found[signature] == 1:
                _keep(finding, keep)
        done += _BATCH
        if time.monotonic() - begun > seconds:
            break
    findings = f"{found.total()} findings of {len(found)} sorts"
    print(f"{kind}: {done} cases from {first}, {_cpu_s() - before:.0f} s of processor time, {findings}", flush=True)
    for signature, times in found.most_common():
        print(f"  {times} x {signature}", flush=True)
    return found


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _signature(finding: Finding) -> str:
    """What findings of the same cause have in common."""
    frames = _FRAME.findall(finding.stderr)
    last = finding.stderr.strip().splitlines()[-1:] if not frames else [":".join(frames[-1])]
    return f"{finding.wrong} {' '.join(last)[:120]}"


def _keep(finding: Finding, keep: Path) -> None:
    keep.mkdir(parents=True, exist_ok=True)
    stem = f"{finding.case.kind}-{finding.case.label.replace(' ', '-')}"
    (keep / stem).write_bytes(finding.case.content)
    (keep / f"{stem}.txt").write_text(str(finding), encoding="utf-8", errors="backslashreplace")


def main() -> None:
    """Run all kinds, or those that are named, one after the other."""
    seconds, first = float(os.environ.get("DQPLAN_FUZZ_SECONDS", "60")), int(os.environ.get("DQPLAN_FUZZ_FIRST", "0"))
    keep = Path(os.environ.get("DQPLAN_FUZZ_KEEP", "fuzz-findings"))
    found = [run_kind(kind, seconds, first, keep) for kind in sys.argv[1:] or KINDS]
    raise SystemExit(any(found))


if __name__ == "__main__":
    main()
