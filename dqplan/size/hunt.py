"""Hunt: values that are tried one after the other, and what is known of the smallest one that reaches a target."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Event

from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.spread import Spread
from dqplan.choose.try_plan import try_plan
from dqplan.core.errors import InfeasibleError, StoppedError
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Figures, Objective
from dqplan.core.plan import Effort, Plan
from dqplan.core.segments import Segments
from dqplan.core.units import counted
from dqplan.size.curve import Attempt, Point, Sizing
from dqplan.size.quantity import Knob
from dqplan.size.target import Target
from dqplan.solve.progress import Progress


@dataclass(frozen=True)
class PlanOptions:
    """How plans are made, in the words of `choose_plan`."""

    objective: Objective = Objective.EBITS
    effort: Effort = Effort.NORMAL
    seed: int = 0
    seeds: int = 1
    relaxed: bool = False
    recompile: bool = True


class BrokenOffError(Exception):
    """Somebody asked for an end."""


@dataclass
class Hunt:
    """The values that were tried, by step, and what is proved.

    Attributes:
        tries: the plans that were found, None where there is none, and why.
        floor: no step up to this one can reach the target.
        proof: why.
    """

    segments: Segments
    hardware: Hardware
    knob: Knob
    target: Target
    options: PlanOptions
    low: int
    stop: Event
    watch: Callable[[Progress], None] | None
    spread: Spread
    tries: dict[int, tuple[Hardware, Attempt | None, str]] = field(default_factory=dict)
    floor: int = -(10**9)
    proof: str = ""
    _steady: Plan | None = None

    def sample(self, low: int, high: int, points: int) -> None:
        """Try some steps at equal distances, the last one first: where that misses, little is to be hoped for."""
        steps = min(points, high - low + 1)
        for step in {high: 0} | dict.fromkeys(low + (high - low) * i // max(1, steps - 1) for i in range(steps)):
            self._try(step)

    def close_in(self) -> None:
        """Halve what lies below the smallest step that reaches the target, until nothing does."""
        while (top := self.top) is not None:
            below = max(self.floor, self.low - 1, *(step for step in self.tries if step < top))
            if top - below <= 1:
                return
            self._try((top + below) // 2)

    @property
    def top(self) -> int | None:
        """The smallest step whose own search reaches the target."""
        return min((step for step, (_, found, _) in self.tries.items() if found and found.reached), default=None)

    def _try(self, step: int) -> None:
        if step in self.tries:
            return
        hardware, attempt, reason = self.knob.turned(self.hardware, self.knob.quantity.value_at(step)), None, ""
        try:
            attempt = self._attempt(self._planned(hardware, step))
            if self.target.excluded(attempt.plan):
                self.proved(step, f"the bound is {counted(attempt.plan.bound.ebits, 'e-bit')}")
        except InfeasibleError as error:
            reason = str(error)
            if error.proved:
                self.proved(step, "the circuit does not fit")
        except StoppedError:
            raise BrokenOffError from None
        if self.stop.is_set():  # the plan is not the one that the search would have found
            raise BrokenOffError
        self.tries[step] = hardware, attempt, reason

    def proved(self, step: int, proof: str) -> None:
        """Note that a step cannot reach the target, nor can smaller ones: they can do nothing that it cannot."""
        if step > self.floor:
            self.floor, self.proof = step, proof

    def _planned(self, hardware: Hardware, step: int) -> Plan:
        """The plan of `dqplan split`; that with few e-bits is the same for links of every quality."""
        if self._steady is not None:
            return replace(self._steady, hardware=hardware)
        options = self.options
        plan = choose_plan(
            self.segments,
            hardware,
            objective=options.objective,
            effort=options.effort,
            seed=options.seed,
            seeds=options.seeds,
            relaxed=options.relaxed,
            recompile=options.recompile,
            stop=self.stop,
            watch=self._watched(step),
            spread=self.spread,
        )
        if not (self.knob.quantity.of_modules or options.objective.needs_outlook or self.stop.is_set()):
            self._steady = plan
        return plan

    def _watched(self, step: int) -> Callable[[Progress], None] | None:
        """Tells whoever watches for which value the search is."""
        watch, value = self.watch, f"{self.knob.quantity} {self.knob.quantity.value_at(step):.10g}"
        if watch is None:
            return None
        return lambda progress: watch(replace(progress, phase=f"{value}, {progress.phase or 'beginning'}"))

    def _attempt(self, plan: Plan) -> Attempt:
        outlook = try_plan(plan, recompile=self.options.recompile).outlook
        figures = Figures(
            plan.cost.weighted_ebits,
            math.inf if outlook.makespan is None else outlook.makespan.p95_s,
            math.inf if outlook.fidelity is None else outlook.fidelity.infidelity,
        )
        return Attempt(plan, outlook, figures, self.target.reached(plan, outlook))

    def answer(self, high: int, finished: bool) -> Sizing:
        """What is known."""
        quantity, top = self.knob.quantity, self.top
        points = dict(zip(sorted(self.tries), self._points(), strict=True))
        least = max(self.floor + 1, self.low)
        return Sizing(
            knob=self.knob,
            target=self.target,
            low=quantity.value_at(self.low),
            high=quantity.value_at(high),
            points=tuple(points.values()),
            found=None if top is None else points[top],
            least=None if self.floor >= high else quantity.value_at(least),
            proof=self.proof,
            finished=finished,
        )

    def _points(self) -> Iterator[Point]:
        """By ascending step, each with the best plan that is known for it."""
        best: Attempt | None = None
        bounds = self._bounds()
        for step in sorted(self.tries):
            hardware, own, reason = self.tries[step]
            best = self._better(best, own, hardware)
            yield Point(self.knob.quantity.value_at(step), hardware, own, best, bounds[step], reason)

    def _better(self, smaller: Attempt | None, own: Attempt | None, hardware: Hardware) -> Attempt | None:
        """The better one of the plan found here and the best one for the next smaller value, tried here."""
        if smaller is None or (own is not None and own.plan.shares is smaller.plan.shares):
            return own
        carried = self._attempt(replace(smaller.plan, hardware=hardware))
        if own is None:
            return carried
        return min(own, carried, key=lambda attempt: (not attempt.reached, self._loss(attempt, own), attempt.figures))

    def _loss(self, attempt: Attempt, reference: Attempt) -> float:
        return self.options.objective.loss(attempt.figures, reference.figures)

    def _bounds(self) -> Mapping[int, int]:
        """For each step the best bound of all larger ones that no plan of a smaller one undercuts.

        A plan below a bound is outside of the class that the bound covers.
        """
        least, fewest = math.inf, {}
        for step in sorted(self.tries):
            own = self.tries[step][1]
            least = min(least, own.plan.cost.ebits if own else math.inf)
            fewest[step] = least
        best, bounds = 0, {}
        for step in sorted(self.tries, reverse=True):
            own = self.tries[step][1]
            if own and own.plan.bound.ebits <= fewest[step]:
                best = max(best, own.plan.bound.ebits)
            bounds[step] = best
        return bounds
