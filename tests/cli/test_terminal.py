"""At a terminal of any width, and away from one: progress, colour, and nothing that a terminal cannot do."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, Run, plain_environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9]m")
ERASE = "\r\x1b[K"
SPLIT = ["split", str(SAMPLES / "qft_16.qasm"), "-H", "line:4x5+2", "--effort", "quick", "--no-check"]
"""Some placements, none of which is proved to be the best."""
PROFILE = ["profile", str(SAMPLES / "ghz_8.qasm"), "--modules", "none"]


def resize(terminal: int, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


class Terminal:
    """A command with standard output and error at a terminal."""

    def __init__(self, directory: Path, *arguments: str, columns: int = 80, **environment: str) -> None:
        self.terminal, theirs = os.openpty()
        resize(self.terminal, columns)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dqplan", *arguments],
            cwd=directory,
            env=plain_environment() | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.seen = ""

    def read(self) -> bool:
        """Read what there is; whether there can be more."""
        try:
            more = os.read(self.terminal, 4096).decode(errors="replace")
        except OSError:  # Linux: nobody holds the other end any more
            more = ""
        self.seen += more
        return bool(more)

    def end(self) -> str:
        """All that was written."""
        while self.read():
            pass
        os.close(self.terminal)
        assert self.process.wait(timeout=60) == 0
        return self.seen


def drawn(seen: str) -> list[str]:
    """The lines of progress, one in the place of the other."""
    return [text.split("\r\n")[0] for text in seen.split(ERASE)[1:]]


@pytest.mark.parametrize("columns", [20, 80])
def test_progress_fits_into_one_line(columns: int, tmp_path: Path) -> None:
    """A line that is as wide as the terminal would begin another one, which nothing takes back."""
    seen = Terminal(tmp_path, *SPLIT, "-o", "out", columns=columns).end()
    lines = [line for line in drawn(seen) if not line.startswith("\x1b")]
    assert any("e-bits, bound"[: columns - 4] in line for line in lines)
    progress, _, report = seen.rpartition(ERASE)
    assert all(len(line) < columns for line in progress.split(ERASE))
    assert "write the programs"[: columns - 1] in progress
    assert "\n" not in progress
    assert all(len(ESCAPE.sub("", line)) <= max(columns, 60) for line in report.splitlines())


def test_progress_follows_a_terminal_that_shrinks(tmp_path: Path) -> None:
    session = Terminal(tmp_path, *SPLIT, "-o", "out", columns=120)
    while "e-bits, bound" not in session.seen:
        assert session.read(), session.seen
    before = len(session.seen)
    resize(session.terminal, 30)
    lines = drawn(session.seen)
    told = re.compile(r"static placement \d+/\d+: \d+ e-bits?, bound \d+, gap \d+ %, \d+\.\d s")
    assert any(told.fullmatch(line) for line in lines), "phase, incumbent, bound, gap and time"
    progress = session.end()[before:].rpartition(ERASE)[0].split(ERASE)
    assert any(line for line in progress)
    assert all(len(line) < 30 for line in progress[2:])


@pytest.mark.parametrize(
    ("environment", "colourful"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1"}, True),
    ],
    ids=str,
)
def test_colour_at_a_terminal(environment: dict[str, str], colourful: bool, tmp_path: Path) -> None:
    seen = Terminal(tmp_path, *PROFILE, **environment).end()
    assert bool(COLOUR.search(seen)) == colourful
    if environment.get("TERM") == "dumb":
        assert "\x1b" not in seen
        assert "\r" not in seen.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("environment", "colourful"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
    ids=str,
)
def test_colour_in_a_pipe(environment: dict[str, str], colourful: bool, dqplan: Run) -> None:
    done = dqplan(*PROFILE, env=plain_environment() | environment)
    assert bool(COLOUR.search(done.stdout)) == colourful
    assert "\x1b" not in done.stderr
    if not environment:
        assert "\x1b" not in done.stdout


def test_no_colour_in_a_file(dqplan: Run, tmp_path: Path) -> None:
    environment = plain_environment() | {"FORCE_COLOR": "1"}
    assert dqplan(*PROFILE, "-o", "answer.txt", env=environment).returncode == 0
    assert "\x1b" not in (tmp_path / "answer.txt").read_text(encoding="utf-8")


def test_no_progress_where_errors_are_no_terminal(dqplan: Run) -> None:
    assert dqplan(*PROFILE, "-o", "out.txt").stderr == ""
