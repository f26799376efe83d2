"""Ctrl-C and progress, from outside."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, Run, plain_environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")

LONG = ["split", str(SAMPLES / "vqe_two_local_12.qasm"), "-H", "line:3x5+2", "--effort", "thorough", "-o", "out"]
"""Minutes, with a plan after a fraction of a second."""


class Session:
    """The program at a terminal, as far as standard error is concerned, and in a process group of its own."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.terminal, theirs = os.openpty()
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dqplan", *arguments],
            cwd=directory,
            env=plain_environment() | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running, whatever the test came to."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()
        os.close(self.terminal)

    def wait_for(self, pattern: str) -> None:
        """Read standard error until something comes that matches."""
        while not re.search(pattern, self.seen):
            self.seen += os.read(self.terminal, 1000).decode()

    def interrupt(self) -> None:
        """Ctrl-C."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> tuple[int, str]:
        """The exit status and standard output."""
        output, _ = self.process.communicate(timeout=120)
        return self.process.returncode, output


PLACING = r"static placement \d+/\d+: \d+ e-bits"
"""There is a plan, and better ones are looked for."""
ENDING = "interrupted: ending with the best plan so far"


@pytest.mark.parametrize("moment", [PLACING, "exact search"])
def test_ctrl_c_writes_the_best_plan_so_far(moment: str, tmp_path: Path) -> None:
    with Session(tmp_path, *LONG) as session:
        session.wait_for(moment)
        session.interrupt()
        session.wait_for(rf"\r\x1b\[K{ENDING}")
        status, output = session.end()
    assert status == 130
    assert "interrupted" in output
    document = json.loads((tmp_path / "out" / "plan.json").read_text())
    assert document["stop_reason"] == "interrupted"
    assert all(check["status"] != "failed" for check in document["checks"])


def test_second_ctrl_c_ends_at_once_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with Session(tmp_path, *LONG) as session:
        session.wait_for(PLACING)
        session.interrupt()
        session.wait_for(ENDING)
        session.interrupt()
        status, _ = session.end()
    assert status == 130
    written = list(tmp_path.iterdir())
    assert not written or (tmp_path / "out" / "plan.json").exists()
    assert not [path for path in written if path.name != "out"]


def test_ctrl_c_before_there_is_a_plan() -> None:
    """The signal comes while the first partition is made."""
    code = f"""
import signal
from dqplan.cli.app import app
from dqplan.solve.static.worker import Worker

Worker.ask = lambda self, question, clock: signal.raise_signal(signal.SIGINT)
app({LONG[:-2]!r})
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.splitlines()[1:] == ["error[DQ601]: the search was interrupted before it had a plan"]


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """As in a background job of a shell."""
    code = """
import signal
from dqplan.cli.terminal.interrupt import interruptible
from dqplan.cli.terminal.progress import Reporter

signal.signal(signal.SIGINT, signal.SIG_IGN)
with interruptible(Reporter()) as stop:
    signal.raise_signal(signal.SIGINT)
print(stop.is_set(), signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("False True\n", "")


def test_progress_is_one_line_on_a_terminal_that_goes_away(tmp_path: Path) -> None:
    with Session(tmp_path, "split", str(SAMPLES / "qft_8.qasm"), "-H", "all:2x5", "-o", "out") as session:
        session.wait_for("verify the programs")
        assert session.end()[0] == 0
    drawn = session.seen.split("\r\x1b[K")
    assert any(line.startswith("static placement") for line in drawn)
    assert "\n" not in session.seen


def test_phases_are_told_off_a_terminal_only_if_asked_for(dqplan: Run) -> None:
    circuit = SAMPLES / "qft_8.qasm"
    assert dqplan("split", circuit, "-H", "all:2x5", "-o", "out").stderr == ""
    told = dqplan("split", circuit, "-H", "all:2x5", "-o", "out", "-v").stderr.splitlines()
    phases = [line for line in told if line.startswith("  ")]
    assert [line.split(":")[0].rstrip("0123456789/ ") for line in phases[:2]] == [
        "  proving a bound",
        "  static placement",
    ]
    assert all("no plan yet" in line or "gap" in line for line in phases)
    steps = [line.split(":")[0] for line in told if not line.startswith("  ")]
    assert steps[-3:] == ["compile and schedule the programs", "write the programs", "verify the programs"]
    assert steps[-4].startswith("plan qft_8")
