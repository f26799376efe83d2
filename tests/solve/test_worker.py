"""Mt-KaHyPar's process: it answers alike every time, can be stopped at any time, and never outlives its search."""

from __future__ import annotations

import _thread
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import numpy as np
import pytest

from dqplan.core.plan import Effort
from dqplan.solve.solve_plan import solve_plan
from dqplan.solve.static.mt_kahypar import Question
from dqplan.solve.static.worker import Worker, available
from dqplan.solve.stop import Clock
from tests.conftest import ROOT
from tests.solve.circuits import everyone, qft
from tests.solve.replay import check_plan

pytestmark = pytest.mark.skipif(not available(), reason="no Mt-KaHyPar here")


def question(vertices: int, blocks: int, seed: int = 0) -> Question:
    """Random nets of three, and room for a little more than all vertices."""
    nets = np.random.default_rng(seed).integers(vertices, size=(4 * vertices, 3))
    nets.sort()
    distinct = nets[(nets[:, :-1] < nets[:, 1:]).all(axis=1)].tolist()
    return Question([1] * vertices, distinct, [vertices // blocks + 2] * blocks, [], seed)


EASY = [question(60, 3, seed) for seed in range(3)]
ENDLESS = question(100_000, 32)
"""Takes minutes."""


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker() as worker:
        yield worker
    assert worker.ended


def test_blocks_keep_to_their_rooms(worker: Worker) -> None:
    line = [(0, 1, 1), (0, 2, 2), (1, 2, 1)]
    for asked in [*EASY, EASY[0]._replace(links=line)]:
        blocks = worker.ask(asked, Clock())
        assert blocks is not None
        assert max(np.bincount(blocks)) <= 22


def test_fresh_processes_answer_the_same_questions_alike() -> None:
    answers = []
    for _ in range(3):
        with Worker() as worker:
            answers.append([worker.ask(asked, Clock()) for asked in EASY])
    assert answers[0] == answers[1] == answers[2]
    assert None not in answers[0]


@pytest.mark.parametrize("limit_s", [0.0, 0.5], ids=["at once", "while it works"])
def test_a_time_limit_ends_it(limit_s: float, worker: Worker) -> None:
    assert worker.ask(ENDLESS, Clock(limit_s)) is None


def test_whoever_asks_for_an_end_ends_it(worker: Worker) -> None:
    clock = Clock()
    Timer(0.5, clock.stop.set).start()
    assert worker.ask(ENDLESS, clock) is None


def test_ctrl_c_in_a_program_that_uses_the_library() -> None:
    Timer(0.5, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt), Worker() as worker:
        worker.ask(ENDLESS, Clock())
    assert worker.ended


def test_a_process_that_dies_costs_quality_but_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    program = shutil.which("false")
    if program is None:
        pytest.skip("no program that only fails")
    monkeypatch.setattr(sys, "executable", program)
    check_plan(solve_plan(qft(8), everyone(2, 4), effort=Effort.QUICK))


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    """As it would if its processes ran the script again. What lies beside it is not imported by mistake, either."""
    (tmp_path / "pickle.py").write_text("raise SystemExit('the wrong pickle')")
    script = tmp_path / "script.py"
    script.write_text(
        "import sys; sys.path.remove(sys.path[0])\n"
        "import dqplan\n"
        f"circuit = dqplan.load_circuit({str(ROOT / 'sample_circuits' / 'qft_8.qasm')!r})\n"
        "plan = dqplan.solve_plan(dqplan.segments_of(circuit), dqplan.load_hardware('all:2x5'), effort='quick')\n"
        "print(plan.cost.ebits)\n"
    )
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().isdigit()
