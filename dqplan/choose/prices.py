"""What an e-bit over each link costs by an objective, as weights for a search."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from dqplan.choose.worth import ebit_loss
from dqplan.core.hardware import Hardware, Link, LinkKind
from dqplan.core.objective import Objective
from dqplan.core.plan import Plan

HEAVIEST = 1000.0
"""The largest weight of a link, the smallest being 1."""
_DEARER = 0.5
"""By how much of its price the busiest link gets dearer each time."""

Factors = Mapping[Link, float]
"""How much dearer links are than their rates say."""


def reweighted(hardware: Hardware, objective: Objective, dearer: Factors) -> Hardware:
    """Links that weigh what an e-bit over them costs by the objective; the cheapest 1, those without numbers most."""
    terms = (
        (objective.ebits, lambda link: link.weight),
        (objective.time, seconds_of),
        (objective.fidelity, loss_of),
    )
    prices = dict.fromkeys(dearer, 0.0)
    for weight, price in terms:
        for link, relative in _relative(price, dearer).items() if weight else ():
            prices[link] += weight * relative * dearer[link]
    least = min(prices.values(), default=1.0)
    weight_of = {link: min(price / least, HEAVIEST) for link, price in prices.items()}
    return replace(hardware, links=tuple(replace(link, weight=weight_of.get(link, 1.0)) for link in hardware.links))


def busier(hardware: Hardware, plan: Plan, dearer: Factors) -> Factors:
    """Factors that grow with the time for which a plan keeps each link busy, by a half for the busiest."""
    ebits = plan.cost.ebits_by_link
    load = {link: ebits.get(hardware.link_name(link.a, link.b), 0) * (seconds_of(link) or 0.0) for link in dearer}
    most = max(load.values(), default=0.0) or 1.0
    return {link: factor * (1 + _DEARER * load[link] / most) for link, factor in dearer.items()}


def _relative(price: Callable[[Link], float | None], links: Factors) -> dict[Link, float]:
    """Prices over the lowest one above 0; no less than 1, and HEAVIEST where there is none."""
    prices = {link: price(link) for link in links}
    least = min((cost for cost in prices.values() if cost), default=1.0)
    return {link: HEAVIEST if cost is None else max(cost / least, 1.0) for link, cost in prices.items()}


def seconds_of(link: Link) -> float | None:
    """What an e-bit takes, with all channels at work."""
    if link.kind is LinkKind.DIRECT_GATE:
        seconds = link.remote_gate.duration_s
    else:
        seconds = 1 / link.rate_hz if link.rate_hz else None
    return None if seconds is None else seconds / link.parallel_channels


def loss_of(link: Link) -> float | None:
    """What an e-bit costs in the logarithm of the fidelity; None if that is unknown, or if it is worth nothing."""
    loss = ebit_loss(link)
    return None if loss == math.inf else loss
