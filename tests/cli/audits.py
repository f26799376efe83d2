"""Audits that were never made, with what is awkward in reports."""

from __future__ import annotations

from typing import Any

from dqplan.cli.audits.audit import Audit, Finding, Judged
from dqplan.core.errors import Place
from dqplan.load.config_file.load_config import Case
from dqplan.load.config_file.schema import Settings

HOSTILE = "=b|\x1b[31m`x`,%:\n::error::y\r<a@b>\udcff.qasm"
"""A file name: formula, table, terminal, code span, workflow command, markup, mention, a byte that is no UTF-8."""


def case(circuit: str = "a.qasm", hardware: str = "all:2x5", **settings: Any) -> Case:
    return Case(circuit, hardware, Settings.model_validate(settings, by_name=True), {})


def sample() -> Audit:
    """A case that holds, one with two broken gates, one that fails a check, and a file that two cases cannot read."""
    good = Judged(case(max_ebits=5), {"ebits": 3, "bound": 3, "gap": 0.0, "p95_s": None, "fidelity": None})
    over = Finding(
        "max-ebits",
        "the plan needs 3 e-bits, --max-ebits allows 1",
        Place("a.qasm"),
        stated=Place("dqplan.toml", 7),
        found=3,
        allowed=1,
    )
    slow = Finding("max-time", "95 % of all runs end within 2 s", Place("a.qasm"), found=2.0, allowed=1.0)
    figures = {"ebits": 3, "bound": 1, "gap": 2 / 3, "p95_s": 2.0, "fidelity": 0.875}
    bad = Judged(
        case(hardware="lab.yaml", max_ebits=1, max_time=1.0, max_gap=0.9, min_fidelity=0.5), figures, (over, slow)
    )
    wrong = Judged(
        case("w.qasm"), figures, (Finding("verification", "structure: gate 3 differs", Place("w.qasm"), "report it"),)
    )
    unread = Finding("DQ104", f"unknown gate `{HOSTILE}`", Place(HOSTILE, 3, 1), "define it")
    return Audit(
        [
            good,
            bad,
            wrong,
            *(Judged(case(HOSTILE, name, max_gap=0.5), findings=(unread,)) for name in ("lab.yaml", HOSTILE)),
        ]
    )
