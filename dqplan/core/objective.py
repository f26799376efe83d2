"""Objective: what plans are judged by, and the figures that it weighs."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields
from typing import ClassVar

from dqplan.core.errors import UsageError


@dataclass(frozen=True, order=True)
class Figures:
    """What a plan costs; less is better in all three, and plans are ordered by the first that differs.

    Attributes:
        ebits: e-bits, each times the weight of its link.
        p95_s: within so many seconds 95 % of all runs end; infinite if the hardware does not tell.
        infidelity: -log of the process fidelity; infinite if the hardware does not tell.
    """

    ebits: float
    p95_s: float
    infidelity: float

    @property
    def fidelity(self) -> float:
        """The process fidelity."""
        return math.exp(-self.infidelity)

    def dominates(self, other: Figures) -> bool:
        """Whether no figure is worse than the other's, and one is better."""
        return self != other and all(mine <= its for mine, its in zip(astuple(self), astuple(other), strict=True))


@dataclass(frozen=True)
class Objective:
    """What is minimised: a weighted sum of what a plan costs, relative to the plan for few e-bits.

    The loss of a plan is

        ebits * E / E0 + time * T / T0 + fidelity * log F / log F0,

    E being its e-bits (times the weights of their links), T the 95 % quantile of its makespan and F its process
    fidelity; E0, T0 and F0 are those of the plan that is found for e-bits alone, whose loss is thus the sum of the
    weights. Figures that are equal have the ratio 1, also where both are 0; where that plan needs no e-bits, takes no
    time or loses nothing, any that does has the ratio infinity.

    Attributes:
        ebits, time, fidelity: weights, 0 or more and finite, not all 0; only their ratios matter.

    Raises:
        UsageError: other weights.
    """

    ebits: float = 0.0
    time: float = 0.0
    fidelity: float = 0.0

    EBITS: ClassVar[Objective]
    TIME: ClassVar[Objective]
    FIDELITY: ClassVar[Objective]

    def __post_init__(self) -> None:
        for name, weight in self._weights.items():
            if not (math.isfinite(weight) and weight >= 0):
                raise _mistake(f"the weight of {name} is {weight:g}, not 0 or more and finite")
        if not any(self._weights.values()):
            raise _mistake("all weights are 0")

    @classmethod
    def of_text(cls, text: str) -> Objective:
        """Read `time`, or `ebits=1,time=2`; a name alone weighs 1.

        >>> Objective.of_text("ebits=1,time=2.5")
        Objective(ebits=1.0, time=2.5, fidelity=0.0)

        Raises:
            UsageError: an unknown or doubled name, no number, or weights that an objective cannot have.
        """
        weights: dict[str, float] = {}
        for part in text.split(","):
            name, _, number = (piece.strip() for piece in part.partition("="))
            if name not in NAMES:
                raise _mistake(f"`{name}` is nothing to plan for")
            if name in weights:
                raise _mistake(f"`{name}` stands twice")
            weights[name] = _number(name, number) if "=" in part else 1.0
        return cls(**weights)

    def __str__(self) -> str:
        """What `of_text` reads."""
        weights = {name: weight for name, weight in self._weights.items() if weight}
        if list(weights.values()) == [1.0]:
            return next(iter(weights))
        return ",".join(f"{name}={weight!r}".removesuffix(".0") for name, weight in weights.items())

    @property
    def needs_outlook(self) -> bool:
        """Whether a plan must be tried as a program before it can be judged."""
        return bool(self.time or self.fidelity)

    @property
    def _weights(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in NAMES}

    def loss(self, figures: Figures, reference: Figures) -> float:
        """How bad a plan is; `reference` has the figures of the plan for few e-bits."""
        terms = zip(self._weights.values(), astuple(figures), astuple(reference), strict=True)
        return sum(weight * _ratio(value, one) for weight, value, one in terms if weight)


NAMES = tuple(field.name for field in fields(Objective))
"""What a plan can be made for, in the order of `Figures`."""
Objective.EBITS, Objective.TIME, Objective.FIDELITY = (Objective(**{name: 1.0}) for name in NAMES)


def _ratio(value: float, one: float) -> float:
    if value == one:
        return 1.0
    return value / one if one else math.inf


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _mistake(f"the weight of {name} is `{text}`, not a number") from None


def _mistake(message: str) -> UsageError:
    hint = f"choose from {', '.join(NAMES)}, or give weights such as ebits=1,time=2"
    return UsageError(f"--objective: {message}", hint=hint)
