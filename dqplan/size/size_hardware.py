"""Circuit x Hardware x Target -> Sizing: the smallest value of one quantity of the hardware that reaches the target."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from dqplan.choose.spread import Spread, one_by_one
from dqplan.core.errors import InfeasibleError, StoppedError, UsageError
from dqplan.core.hardware import Hardware
from dqplan.core.segments import Segments
from dqplan.size.curve import Sizing
from dqplan.size.hunt import BrokenOffError, Hunt, PlanOptions
from dqplan.size.quantity import Knob, Quantity
from dqplan.size.target import Target
from dqplan.solve.progress import Progress

_RATES = 100.0
"""Without a range, rates from one hundredth to a hundred times the fastest link's are looked at,"""
_ANY_RATE_HZ = (1.0, 1e6)
"""or these, if no link has one."""
_FIDELITIES = (0.5, 1.0)
"""A mixture of Bell states is entangled if one of them has more than half (Bennett et al., PRA 54, 3824, 1996)."""


def size_hardware(
    segments: Segments,
    hardware: Hardware,
    knob: Knob,
    target: Target,
    *,
    options: PlanOptions | None = None,
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
        options: how plans are made; None: as without any options.
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

    >>> import dqplan
    >>> segments = dqplan.segments_of(dqplan.load_circuit("sample_circuits/ghz_8.qasm"))
    >>> pair, options = dqplan.load_hardware("line:2x4+1"), dqplan.PlanOptions(effort=dqplan.Effort.QUICK)
    >>> knob, target = dqplan.Knob(dqplan.Quantity.DATA), dqplan.Target(max_ebits=0)
    >>> size_hardware(segments, pair, knob, target, options=options).found.value
    8
    """
    if not (target.needs_outlook or knob.quantity.of_modules):
        message = f"--max-ebits alone asks nothing of a {knob.quantity}: e-bits are counted whatever they are like"
        raise UsageError(message, hint="add --max-time or --min-fidelity, or vary data or comm")
    low, high = _range(segments, hardware, knob, span)
    best = knob.turned(hardware, knob.quantity.value_at(high))
    if best.refusal:
        raise InfeasibleError(f"nothing can be planned on {hardware.name}: {best.refusal}")
    target.check_numbers(segments, best)
    hunt = Hunt(segments, hardware, knob, target, options or PlanOptions(), low, stop or Event(), watch, spread)
    if knob.quantity is Quantity.DATA:
        hunt.proved(_least_data(segments, hardware, knob) - 1, "the modules hold fewer qubits than the circuit has")
    finished = True
    try:
        hunt.sample(low, high, points)
        hunt.close_in()
    except BrokenOffError:
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
