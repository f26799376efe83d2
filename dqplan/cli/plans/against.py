"""`dqplan split --against OLD`: what has become of an old plan, and what planning again gains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dqplan.cli.plans.drift_gates import DriftGates
from dqplan.core.errors import UsageError

if TYPE_CHECKING:
    from dqplan.choose.renew_plan import Renewed
    from dqplan.core.circuit import Circuit
    from dqplan.core.plan import Plan
    from dqplan.core.survival import Survival
    from dqplan.core.tally import Tally
    from dqplan.load.written_plan import WrittenPlan


@dataclass(frozen=True, eq=False)
class OldPlan:
    """A plan that was made before, and its figures at that time."""

    written: WrittenPlan
    tally: Tally

    def renewed(self, new: Plan, circuit: Circuit, recompile: bool) -> Renewed:
        """The better of this plan and a new one, on the hardware of the new one."""
        from dqplan.choose.renew_plan import renew_plan
        from dqplan.core.normalise import segments_of

        return renew_plan(self.written, self.tally, new, segments_of(circuit), recompile=recompile)


def read_old(path: str, circuit: Circuit) -> OldPlan:
    """An old plan of a circuit, from what `split` wrote.

    Raises:
        UsageError: it is of another circuit, or does not run all of its gates.
        PlanError: it is damaged.
    """
    from dqplan.compare.compare_plans import tally_of_document
    from dqplan.load.read_plan import read_plan

    written = read_plan(path)
    if written.document.circuit.digest != circuit.digest:
        message = f"--against: {path} is a plan of another circuit, `{written.document.circuit.name}`"
        raise UsageError(message, hint="give a plan of the same circuit; `dqplan diff` compares any two")
    if written.document.dropped is not None:
        message = f"--against: the plan in {path} leaves out weak gates, and those cannot be planned again one by one"
        raise UsageError(
            message, hint="give a plan that was made without --error-budget; `dqplan diff` compares any two"
        )
    return OldPlan(written, tally_of_document(written.document))


def complaints_about(survival: Survival, gates: DriftGates) -> Iterator[str]:
    """What does not hold of the old plan today."""
    if not gates:
        return
    if survival.today is None:
        yield f"gate failed: the old plan cannot run any more: {survival.obstacles[0]}"
    else:
        yield from gates.complaints(survival.then, survival.today)
