"""Circuit x Hardware x Target -> Sizing: the smallest value of one quantity of the hardware that reaches the target."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Event

from dqplan.choose.choose_plan import choose_plan
from dqplan.choose.spread import Spread, one_by_one
from dqplan.choose.try_plan import try_plan
from dqplan.core.errors import InfeasibleError, StoppedError, UsageError
from dqplan.core.hardware import Hardware
from dqplan.core.objective import Figures, Objective
from dqplan.core.plan import Effort, Plan
from dqplan.core.segments import Segments
from dqplan.core.units import counted
from dqplan.size.curve import Attempt, Point, Sizing
from dqplan.size.quantity import Knob, Quantity
from dqplan.size.target import Target
from dqplan.solve.progress import Progress

_RATES = 100.0
"""Without a range, rates from one hundredth to a hundred times the fastest link's are looked at,"""
_ANY_RATE_HZ = (1.0, 1e6)
"""or these, if no link has one."""
_FIDELITIES = (0.5, 1.0)
"""E-bits of lower fidelity are not entangled, if their errors are of one kind each (Werner states: 1/2)."""


@dataclass(frozen=True)
class PlanOptions:
    """How plans are made, in the words of `choose_plan`."""

    objective: Objective = Objective.EBITS
    effort: Effort = Effort.NORMAL
    seed: int = 0
    seeds: int = 1
    relaxed: bool = False
    recompile: bool = True


def size_hardware(
    segments: Segments,
    hardware: Hardware,
    knob: Knob,
    target: Target,
    *,
    options: PlanOptions = PlanOptions(),
    span: tuple[float, float] | None = None,
    points: int = 8,
    stop: Event | None = None,
    watch: Callable[[Progress], None] | None = None,
    spread: Spread = one_by_one,
) -> Sizing:
    """Find the smallest value on which a plan reaches the target, and the curve of cost against value.

    Some values of the range are tried first, at equal steps of the ladder (`Quantity`). Then the stretch below the
    smallest one that reaches the target is halved until the next smaller step is known to miss it. Searches are not
    exact: a plan that a smaller value would have may have been overlooked, so the answer is the smallest one *found*,
    unless it is proved that smaller ones cannot reach the target. Two things prove that: too few qubits, and a bound
    on the e-bits above their limit.

    More qubits, or better e-bits, never hurt a plan that there is. So the best plan of each value is tried on the next
    larger one, too, and counts there if it is better than what was found for that.

    Args:
        segments: the circuit in normal form.
        hardware: the network that is varied.
        knob: what is varied.
        target: what shall be reached.
        options: how plans are made.
        span: smallest and largest value; None: from what just holds the circuit to where everything fits into one
            module (data), from 0 to the qubits of the circuit (comm), a hundredth to a hundred times the fastest rate,
            fidelities from 0.5 to 1.
        points: how many values are tried at least, if there are so many; 2 or more.
        stop: ends the search with what is known.
        watch: called with the state of each search.
        spread: does searches that do not depend on each other.

    Raises:
        UsageError: there is nothing to vary, the range is empty or impossible, or the hardware lacks numbers.
        HardwareError: as `choose_plan`.
        StoppedError: `stop` was set before anything was known.
    """
    if not (target.needs_outlook or knob.quantity.of_modules):
        message = f"--max-ebits alone asks nothing of a {knob.quantity}: e-bits are counted whatever they are like"
        raise UsageError(message, hint="add --max-time or --min-fidelity, or vary data or comm")
    low, high = _range(segments, hardware, knob, span)
    best = knob.turned(hardware, knob.quantity.value_at(high))
    if best.refusal:
        raise InfeasibleError(f"nothing can be planned on {hardware.name}: {best.refusal}")
    target.check_numbers(segments, best)
    hunt = _Hunt(segments, hardware, knob, target, options, low, stop or Event(), watch, spread)
    if knob.quantity is Quantity.DATA:
        hunt.proved(_least_data(segments, hardware, knob) - 1, "the modules hold fewer qubits than the circuit has")
    finished = True
    try:
        hunt.sample(low, high, points)
        hunt.close_in()
    except _InterruptedError:
        finished = False
        if not hunt.tries:
            raise StoppedError("the search was interrupted before anything was known") from None
    return hunt.answer(high, finished)


def _range(segments: Segments, hardware: Hardware, knob: Knob, span: tuple[float, float] | None) -> tuple[int, int]:
    """The first and the last step."""
    quantity = knob.quantity
    low, high = span or _usual(segments, hardware, knob)
    for value in (low, high):
        quantity.check(value)
    first, last = quantity.step_of(low, up=True), quantity.step_of(high, up=False)
    if first > last:
        raise UsageError(
            f"--range: there is no {quantity} from {low:g} to {high:g}", hint="write the smaller one first"
        )
    return first, last


def _usual(segments: Segments, hardware: Hardware, knob: Knob) -> tuple[float, float]:
    """The values that are looked at if nothing else is asked for."""
    match knob.quantity:
        case Quantity.DATA:
            return max(1, _least_data(segments, hardware, knob)), segments.num_wires
        case Quantity.COMM:
            knob.modules(hardware)
            return 0, segments.num_wires
        case Quantity.RATE:
            rate_hz = max((link.rate_hz or 0.0 for link in knob.links(hardware)), default=0.0)
            return (rate_hz / _RATES, rate_hz * _RATES) if rate_hz else _ANY_RATE_HZ
        case Quantity.FIDELITY:
            knob.links(hardware)
            return _FIDELITIES


def _least_data(segments: Segments, hardware: Hardware, knob: Knob) -> int:
    """Data qubits that each varied module needs, or else there are fewer than the circuit has qubits."""
    varied = knob.modules(hardware)
    others = int(hardware.data_capacity.sum()) - sum(module.data_qubits for module in varied)
    return -(-(segments.num_wires - others) // len(varied))


class _InterruptedError(Exception):
    """Somebody asked for an end."""


@dataclass
class _Hunt:
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
            attempt = self._attempt(self._planned(hardware))
            if self.target.excluded(attempt.plan):
                self.proved(step, f"the bound is {counted(attempt.plan.bound.ebits, 'e-bit')}")
        except InfeasibleError as error:
            reason = str(error)
            if error.proved:
                self.proved(step, "the circuit does not fit")
        except StoppedError:
            raise _InterruptedError from None
        if self.stop.is_set():  # the plan is not the one that the search would have found
            raise _InterruptedError
        self.tries[step] = hardware, attempt, reason

    def proved(self, step: int, proof: str) -> None:
        """Note that a step cannot reach the target, nor can smaller ones: they can do nothing that it cannot."""
        if step > self.floor:
            self.floor, self.proof = step, proof

    def _planned(self, hardware: Hardware) -> Plan:
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
            watch=self.watch,
            spread=self.spread,
        )
        if not (self.knob.quantity.of_modules or options.objective.needs_outlook or self.stop.is_set()):
            self._steady = plan
        return plan

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
