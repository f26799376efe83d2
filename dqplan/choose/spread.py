"""Jobs that do not depend on each other: one after the other here, or at once where somebody has processes for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from dqplan.core.errors import StoppedError
from dqplan.solve.stop import Clock

T = TypeVar("T")
Job = Callable[[Clock], T]
"""Work that ends with the clock it is given. To be sent to another process, it must be picklable."""


def never(result: object) -> bool:
    """Nothing is good enough to end it."""
    return False


class Spread(Protocol):
    """Something that gets jobs done."""

    def __call__(self, jobs: Sequence[Job[T]], clock: Clock, enough: Callable[[T], bool] = never) -> list[T]:
        """The results in the order of the jobs, whoever was done first, so that they do not depend on the machine.

        Args:
            jobs: at least one; the first one is begun in any case.
            clock: no job is begun after it has expired; those that are not done then may be left out.
            enough: no result counts behind the first one that is enough.

        Raises:
            StoppedError: an end was asked for before there was a result.
        """


def one_by_one(jobs: Sequence[Job[T]], clock: Clock, enough: Callable[[T], bool] = never) -> list[T]:
    """The `Spread` that does everything here."""
    results: list[T] = []
    for job in jobs:
        if results and (clock.expired or enough(results[-1])):
            break
        try:
            results.append(job(clock))
        except StoppedError:
            if not results:
                raise
            break
    return results
