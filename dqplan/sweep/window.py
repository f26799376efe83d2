"""Tasks -> outcomes on a Dask cluster, a few tasks at a time, so that memory does not grow with their number."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

from dqplan.core.errors import EngineError, InternalError
from dqplan.sweep.plan_row import Task, plan_row
from dqplan.sweep.row import Ending, Outcome

if TYPE_CHECKING:
    from distributed import Client, Future

_AHEAD = 4
"""Tasks that are given out for every thread, so that none waits for the next."""
_LOOK_S = 0.2
"""Between looks at Ctrl-C, and at whether the scheduler is there."""
_COUNT_S = 2.0
"""Between counts of the workers, which may come and go."""

Work = Callable[[Task], Outcome]


@dataclass(frozen=True)
class _Attempt:
    task: Task
    number: int = 1


class Window:
    """Tasks on their way through a cluster. Iterating gives lists of outcomes, as they come; a list may be empty.

    A task whose worker died is tried again at the end and alone, so that what it does to its worker harms no other.
    """

    def __init__(self, client: Client, tasks: Iterable[Task], *, retries: int, stop: Event, work: Work = plan_row):
        """Nothing happens before the first iteration.

        Args:
            client: of the cluster.
            tasks: taken one by one, when there is room for them.
            retries: further attempts for a task whose worker died, or that met an error nobody foresaw.
            stop: ends the iteration; what is on its way is given up.
            work: what is done with a task.
        """
        self.client, self.tasks, self.retries, self.stop, self.work = client, iter(tasks), retries, stop, work
        self.running: dict[Future, _Attempt] = {}
        self.suspects: deque[_Attempt] = deque()
        self.threads = 0
        self._name = f"dqplan-{secrets.token_hex(4)}"  # others may sweep over the same rows on the same cluster
        self._counted_s = float("-inf")

    def __iter__(self) -> Iterator[list[Outcome]]:
        """Outcomes in the order in which they come.

        Raises:
            EngineError: the scheduler is gone, or the workers cannot do the work.
        """
        try:
            self._fill()
            while self.running and not self.stop.is_set():
                yield self._finished()
                self._fill()
        except (OSError, TimeoutError, CancelledError) as error:  # connections that broke, and tasks that were on them
            raise _gone() from error
        finally:
            if self.client.status == "running":
                self.client.cancel(list(self.running), force=True)

    def _fill(self) -> None:
        """Give out as many tasks as there is room for; one suspect when nothing else is left."""
        if time.monotonic() - self._counted_s > _COUNT_S:
            self.threads = sum(self.client.nthreads().values())
            self._counted_s = time.monotonic()
        while len(self.running) < max(1, self.threads) * _AHEAD and (task := next(self.tasks, None)):
            self._submit(_Attempt(task))
        if not self.running and self.suspects:
            self._submit(self.suspects.popleft())

    def _submit(self, attempt: _Attempt) -> None:
        name = f"{self._name}-{attempt.task.key}-{attempt.number}"
        self.running[self.client.submit(self.work, attempt.task, key=name, pure=False)] = attempt

    def _finished(self) -> list[Outcome]:
        """The outcomes that came within a moment."""
        from distributed import wait

        try:
            wait(list(self.running), timeout=_LOOK_S, return_when="FIRST_COMPLETED")
        except TimeoutError:
            if self.client.status != "running":
                raise _gone() from None
        over = [future for future in self.running if future.done()]
        good = [future for future in over if future.status == "finished"]
        # What is lost with its worker at this moment is worked on again; what then fails is left out.
        outcomes = {outcome.key: outcome for outcome in self.client.gather(good, errors="skip")}
        found = (self._settled(future, self.running.pop(future), outcomes) for future in over)
        return [outcome for outcome in found if outcome is not None]

    def _settled(self, future: Future, attempt: _Attempt, outcomes: Mapping[str, Outcome]) -> Outcome | None:
        """The outcome of an attempt, or None if there will be another one."""
        from distributed import KilledWorker

        outcome = outcomes.get(attempt.task.key)
        if outcome is None:
            error = future.exception() if future.status == "error" else None
            if not isinstance(error, KilledWorker):
                raise _gone() if error is None else _unable(error)
            message = "its worker died, again and again: out of memory, or killed"
            outcome = Outcome(attempt.task.key, Ending.FAILED, code=EngineError.code, message=message)
        if outcome.code not in (EngineError.code, InternalError.code) or attempt.number > self.retries:
            return outcome
        self.suspects.append(replace(attempt, number=attempt.number + 1))
        return None


def _gone() -> EngineError:
    hint = "run the same command again: finished rows are stored and not planned again"
    return EngineError("the scheduler of the sweep is gone", hint=hint)


def _unable(error: BaseException) -> EngineError:
    hint = "install this version of dqplan and its dependencies where the workers run"
    return EngineError(f"the workers cannot plan rows: {type(error).__name__}: {error}", hint=hint)
