"""The hardware's numbers as they are looked up: what was used, what is missing, what was assumed."""

from __future__ import annotations

from collections import Counter

from dqplan.core.hardware import Basis, Hardware, Link, Module


class Ledger:
    """Keeps a record of every number of the hardware that is asked for."""

    def __init__(self, hardware: Hardware) -> None:
        self.hardware = hardware
        self._used: set[str] = set()
        self._missing: dict[str, list[str]] = {}
        self._assumed: dict[str, None] = {}

    def need(self, holder: Module | Link, key: str, value: float | None, what: str) -> float | None:
        """A number without which there is no answer; None, and a note, if it is unknown."""
        if value is None:
            names = self._missing.setdefault(what, [])
            names += [] if self._name(holder) in names else [self._name(holder)]
            return None
        self._used.add(f"{holder.entry}.{key}")
        return value

    def want(self, holder: Module | Link, key: str, value: float | None, what: str, default: float) -> float:
        """A number that has a default, which is noted if it is used; `what` says what is then taken."""
        if value is None:
            self._assumed[what] = None
            return default
        self._used.add(f"{holder.entry}.{key}")
        return value

    @property
    def missing(self) -> tuple[str, ...]:
        """Numbers that were needed and are unknown, in words."""
        return tuple(f"{what} of {_some(names)}" for what, names in self._missing.items())

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was taken for unknown numbers that have a default, in words."""
        return tuple(self._assumed)

    def basis(self) -> dict[Basis, int]:
        """How many of the numbers used have each basis; those without provenance are assumed."""
        provenance = self.hardware.provenance
        found = Counter(provenance[key].basis if key in provenance else Basis.ASSUMED for key in self._used)
        return {basis: found[basis] for basis in Basis}

    def _name(self, holder: Module | Link) -> str:
        return holder.name if isinstance(holder, Module) else self.hardware.link_name(holder.a, holder.b)


def _some(names: list[str]) -> str:
    """The first name, and how many more there are."""
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
