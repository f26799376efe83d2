"""`dqplan diff`: what differs between two plans."""

from __future__ import annotations

from typing import Annotated

import typer

from dqplan.cli.output.change_format import ChangeFormat, ChangeFormatOption, deliver
from dqplan.cli.plans.drift_gates import DriftGates, EbitsRiseOption, FidelityDropOption, TimeRiseOption
from dqplan.cli.terminal.streams import answer_json, talk
from dqplan.core.errors import UsageError


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="What `dqplan split -o` wrote, its plan.json, or -.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same of another plan.")],
    max_ebits_rise: EbitsRiseOption = None,
    max_time_rise: TimeRiseOption = None,
    max_fidelity_drop: FidelityDropOption = None,
    format_: ChangeFormatOption = ChangeFormat.TABLE,
) -> None:
    """Compare two plans: e-bits, bound, time, fidelity, homes, peaks, and the numbers of their hardware.

    Exit status 0 whatever differs, unless a gate fails.
    """
    from dqplan.cli.render.comparison import comparison_json, comparison_page
    from dqplan.compare.compare_plans import compare_plans
    from dqplan.load.read_plan import read_plan

    if old == new == "-":
        raise UsageError("both plans cannot be standard input", hint="put one of them in a file")
    found = compare_plans(read_plan(old), read_plan(new))
    gates = DriftGates(max_ebits_rise, max_time_rise, max_fidelity_drop)
    complaints = list(gates.complaints(*found.tallies))
    if format_ is ChangeFormat.JSON:
        answer_json(comparison_json(found))
    else:
        deliver(comparison_page(found), format_)
    for complaint in complaints:
        talk(complaint)
    if complaints:
        raise typer.Exit(1)
