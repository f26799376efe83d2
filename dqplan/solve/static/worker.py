"""The process in which Mt-KaHyPar works: native code sees neither Ctrl-C nor a clock, but a process can be killed.

It is a plain Python that imports one module of dqplan. The caller's main module is not run again, as it would be by
`multiprocessing`, so that scripts need no guard.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from types import TracebackType

from dqplan.solve.static.mt_kahypar import Question
from dqplan.solve.stop import Clock, watched


def available() -> bool:
    """Whether Mt-KaHyPar is installed, which has no wheel for some platforms, and a Python is there to run it."""
    return find_spec("mtkahypar") is not None and bool(sys.executable) and not hasattr(sys, "frozen")


class Worker:
    """Mt-KaHyPar for one search. Use it in a `with` statement: the process ends with the block."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from dqplan.solve.static.mt_kahypar import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
            start_new_session=True,  # or Ctrl-C at a terminal would reach it, too
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
        )

    @property
    def ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        with suppress(OSError), self._process:  # closes the pipes, one of which may be broken, and waits
            pass

    def ask(self, question: Question, clock: Clock) -> list[int] | None:
        """The block of each vertex; None if the time was up before that, or the process died."""
        if clock.expired:
            self._process.kill()
        try:
            return watched(lambda: self._answer(question), clock, self._process.kill)
        except (EOFError, OSError, pickle.UnpicklingError):
            return None

    def _answer(self, question: Question) -> list[int]:
        questions, answers = self._process.stdin, self._process.stdout
        assert questions
        assert answers
        pickle.dump(question, questions)
        questions.flush()
        blocks: list[int] = pickle.load(answers)
        return blocks
