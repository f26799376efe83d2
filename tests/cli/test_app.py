"""dqplan as a program: what it imports, what it says, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

import pytest

import dqplan as package
from dqplan.cli.options import BackendName, EffortName, LanguageName
from dqplan.core.plan import Effort
from dqplan.load.load_circuit import Language
from dqplan.simulate.simulate_program import Backend
from tests.conftest import ROOT, SAMPLES, Run, plain_environment
from tests.manual import commands, help_text

HEAVY = ["cirq", "dask", "distributed", "networkx", "numpy", "openqasm3", "ortools", "qiskit", "rich", "scipy", "yaml"]


def in_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("command", ["", "split", "hardware calibrate"])
def test_help_from_outside_is_that_of_the_manual(command: str, dqplan: Run) -> None:
    """The others are compared within one process: see tests/test_manual.py."""
    done = dqplan(*command.split(), "--help")
    assert done.returncode == 0
    assert done.stdout == help_text(command)


def test_help_imports_nothing_heavy() -> None:
    """Typer itself checks a command's options with pydantic, so that this is only not needed for the first."""
    code = f"""
import sys
from dqplan.cli.app import app
for command in {commands()!r}:
    try:
        app([*command.split(), "--help"])
    except SystemExit as end:
        assert end.code == 0
    heavy = {HEAVY} if command else {[*HEAVY, "pydantic"]}
    print("heavy:", command, [name for name in heavy if name in sys.modules])
"""
    found = [line for line in in_process(code).splitlines() if line.startswith("heavy:")]
    assert found == [f"heavy: {command} []" for command in commands()]


def test_profile_of_openqasm_needs_neither_cirq_nor_cp_sat() -> None:
    code = f"""
import sys
from dqplan.cli.app import app
try:
    app(["profile", {str(SAMPLES / "qft_16.qasm")!r}])
except SystemExit as end:
    assert not end.code
print("heavy:", [name for name in ("cirq", "ortools.sat", "numba", "qiskit") if name in sys.modules])
"""
    assert in_process(code).endswith("heavy: []\n")


def test_choices_are_those_of_the_enums() -> None:
    assert get_args(EffortName) == tuple(Effort)
    assert get_args(LanguageName) == tuple(Language)
    assert get_args(BackendName) == tuple(Backend)


def test_version(dqplan: Run) -> None:
    assert dqplan("--version").stdout == f"dqplan {package.__version__}\n"


def test_no_arguments_show_help_as_a_usage_error(dqplan: Run) -> None:
    done = dqplan()
    assert done.returncode == 2
    assert "split" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["splt"],
        ["split"],
        ["split", "x.qasm"],
        ["split", "x.qasm", "-H", "all:2x2", "--effort", "heroic"],
        ["split", "x.qasm", "-H", "all:2x2", "--seed", "-1"],
        ["split", "x.qasm", "-H", "all:2x2", "--time-limit", "nan"],
        ["split", "x.qasm", "-H", "all:2x2", "--time-limit", "-3"],
        ["split", "x.qasm", "-H", "all:2x2", "--emit", "qasm4"],
        ["split", "x.qasm", "-H", "all:2x2", "--emit", ""],
        ["split", "x.qasm", "-H", "all:2x2", "-o", "-", "--emit", "qasm3,qasm2"],
        ["split", "-", "-H", "-"],
        ["split", "x.qasm", "-H", "all:2x2", "--no-such-option"],
        ["verify"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2_and_says_so_on_stderr(args: list[str], dqplan: Run) -> None:
    done = dqplan(*args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "rror" in done.stderr
    assert "Traceback" not in done.stderr


BREAK = """
import sys
import dqplan.load.source
from dqplan.__main__ import main

def broken(*what):
    raise {error}

dqplan.load.source.read_source = broken
sys.argv = ["dqplan", "split", "x.qasm", "-H", "all:2x2", *{extra}]
main()
"""


def broken(error: str, *extra: str) -> subprocess.CompletedProcess[str]:
    """Run `split` with a fault put where the circuit is read."""
    code = BREAK.format(error=error, extra=extra)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120)


@pytest.mark.parametrize(
    "error", ["KeyError('x')", "RecursionError('too deep')", "AssertionError", "OSError(5, 'bad')"]
)
def test_a_bug_exits_70_and_says_what_to_report(error: str) -> None:
    done = broken(error)
    assert done.returncode == 70
    assert "DQ901" in done.stderr
    assert f"dqplan {package.__version__}, Python 3." in done.stderr
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback_of_a_bug() -> None:
    done = broken("KeyError('x')", "--debug")
    assert done.returncode == 70
    assert "Traceback (most recent call last)" in done.stderr
    assert "in broken" in done.stderr


def test_out_of_memory_is_not_reported_as_a_bug() -> None:
    done = broken("MemoryError")
    assert done.returncode == 70
    assert "out of memory" in done.stderr
    assert "bug" not in done.stderr


def test_debug_may_stand_in_front(dqplan: Run) -> None:
    done = dqplan("--debug", "split", "missing.qasm", "-H", "all:2x2")
    assert done.returncode == 2
    assert "Traceback" in done.stderr


def test_an_error_in_the_input_shows_no_traceback(dqplan: Run) -> None:
    done = dqplan("split", "missing.qasm", "-H", "all:2x2")
    assert done.stderr.startswith("error[DQ101]: missing.qasm: ")
    assert "\nhint: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_exits_130(tmp_path: Path) -> None:
    """The signal comes while the program waits for its circuit on standard input."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dqplan", "split", "-", "-H", "all:2x9"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=plain_environment(),
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (output, errors) == ("", "interrupted\n")


def test_ctrl_c_during_the_imports() -> None:
    code = """
import sys
from dqplan.__main__ import main

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
main()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("arguments", [["hardware", "schema"], ["split", "--schema"]], ids=" ".join)
def test_a_reader_that_goes_away_ends_it_quietly(arguments: list[str]) -> None:
    """What is written is larger than no pipe's buffer, but the reading end is closed before it begins."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "dqplan", *arguments], stdout=writing, stderr=subprocess.PIPE, text=True, timeout=120
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["schema", "list"], ids=["text", "table"])
def test_a_full_disk_behind_standard_output(command: str, dqplan: Run) -> None:
    with Path("/dev/full").open("w") as full:
        done = dqplan("hardware", command, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.startswith("error[DQ402]: standard output cannot be written: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="shell of POSIX")
def test_standard_output_that_is_closed(tmp_path: Path) -> None:
    command = f"{sys.executable} -m dqplan hardware schema >&-"
    done = subprocess.run(
        ["sh", "-c", command], stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=plain_environment(), timeout=120
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error[DQ402]: standard output is closed")
