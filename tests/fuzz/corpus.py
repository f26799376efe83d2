"""`python -m tests.fuzz.corpus KIND ...`: every hostile file of these kinds; status 1 if one of them does any harm.

With DQPLAN_FUZZ_LOWERED set, the limits of what circuits may ask for are a hundred times lower, so that the cases that
run into them take no time; and of many commands that read a kind, only the first and the last are run.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from tests.fuzz.commands import KINDS
from tests.fuzz.hostile import cases
from tests.fuzz.limited import run_limited

_LIMITS = {
    "blocks": ("MAX_ROWS",),
    "calls": ("MAX_OPERATIONS",),
    "effort": ("MAX_STEPS", "MAX_WORK"),
    "execute": ("MAX_PASSES",),
    "gates": ("MAX_ROWS",),
    "names": ("MAX_WIRES",),
    "program": ("MAX_OPERATIONS", "MAX_WIRES"),
    "reader": ("MAX_OPERATIONS",),
}
"""By module of the reader of OpenQASM."""


def _lower_limits() -> None:
    from importlib import import_module

    for name, limits in _LIMITS.items():
        module = import_module(f"dqplan.load.openqasm.{name}")
        for limit in limits:
            setattr(module, limit, getattr(module, limit) // 100)
    for name, kind in KINDS.items():
        KINDS[name] = replace(kind, commands=tuple(dict.fromkeys((kind.commands[0], kind.commands[-1]))))


def main() -> None:
    """Run the cases and say what was wrong."""
    if os.environ.get("DQPLAN_FUZZ_LOWERED"):
        _lower_limits()
    chosen = [case for case in cases() if case.kind in sys.argv[1:] or not sys.argv[1:]]
    found = 0
    for finding in run_limited(chosen):
        found += 1
        print(finding, flush=True)
    print(f"{len(chosen)} cases, {found} findings")
    raise SystemExit(found > 0 or not chosen)


if __name__ == "__main__":
    main()
