"""Drift: how the numbers of a hardware differ from what they were."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dqplan.core.hardware import Hardware, Link, Module, Provenance
from dqplan.core.quantities import LINK_QUANTITIES, MODULE_QUANTITIES, Quantity


@dataclass(frozen=True)
class Drift:
    """One number then and now.

    Attributes:
        part: name of the module or link.
        quantity: which number.
        was, found: then and now; None if it was, or is, unknown.
        old, new: where both come from.
    """

    part: str
    quantity: Quantity
    was: float | None
    found: float | None
    old: Provenance
    new: Provenance

    @property
    def moved(self) -> bool:
        """Whether the number is another one."""
        return self.was != self.found

    @property
    def worsening(self) -> float:
        """As `Quantity.worsening`; 0 where either is unknown."""
        if self.was is None or self.found is None:
            return 0.0
        return self.quantity.worsening(self.was, self.found)

    @property
    def sigmas(self) -> float | None:
        """The difference over the uncertainties of both, added in squares; None where neither has one."""
        spread = math.hypot(self.old.uncertainty or 0.0, self.new.uncertainty or 0.0)
        if self.was is None or self.found is None or not spread:
            return None
        return (self.found - self.was) / spread


@dataclass(frozen=True, eq=False)
class Parts:
    """The modules and links of a hardware by name; a classical link beside a quantum one is left out."""

    hardware: Hardware

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """The modules."""
        return {module.name: module for module in self.hardware.modules}

    @cached_property
    def links(self) -> Mapping[str, Link]:
        """The links."""
        ordered = sorted(self.hardware.links, key=lambda link: link.quantum)
        return {self.hardware.link_name(link.a, link.b): link for link in ordered}

    def named(self, name: str) -> Module | Link | None:
        """The part of that name, the ends of a link in either order."""
        turned = "--".join(reversed(name.split("--")))
        return self.modules.get(name) or self.links.get(name) or self.links.get(turned)

    def origin(self, part: Module | Link, quantity: Quantity) -> Provenance:
        """Where a number comes from."""
        return self.hardware.provenance.get(f"{part.entry}.{quantity.name}", Provenance())


def drifts_between(old: Hardware, new: Hardware) -> Iterator[Drift]:
    """The numbers that differ, of parts that both have; modules first, in the order of the new hardware."""
    then, now = Parts(old), Parts(new)
    for quantities, olds, news in (
        (MODULE_QUANTITIES, then.modules, now.modules),
        (LINK_QUANTITIES, then.links, now.links),
    ):
        for name, part in news.items():
            if name not in olds:
                continue
            for quantity in quantities.values():
                was, found = quantity.of(olds[name]), quantity.of(part)
                if was != found:
                    origins = then.origin(olds[name], quantity), now.origin(part, quantity)
                    yield Drift(name, quantity, was, found, *origins)
