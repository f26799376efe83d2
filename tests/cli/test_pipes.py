"""In pipes: `-` wherever a file can be read, one document a line, the same bytes every time, and quiet ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dqplan.cli.app import app
from tests.conftest import SAMPLES, Run, plain_environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
FULL = Path("/dev/full")

BELL = """OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
bit[2] c;
h q[0];
cx q[0], q[1];
c = measure q;
"""
LAB = """schema: dqplan.hardware/1
name: lab
modules:
- {name: m, count: 2, data: 1, comm: 1}
links:
- {between: [m0, m1], type: ebit}
"""
SPEC = """schema: dqplan.sweep/1
circuits: [bell.qasm]
hardware: [lab.yaml]
seeds: [0, 1]
"""
SHOTS = '["00", "11", "11"]'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a circuit, hardware, the specification of a sweep, results, and what split writes."""
    directory = tmp_path_factory.mktemp("pipes")
    for name, text in (("bell.qasm", BELL), ("lab.yaml", LAB), ("spec.yaml", SPEC), ("shots.json", SHOTS)):
        (directory / name).write_text(text, encoding="utf-8")
    run(directory, "split", "bell.qasm", "-H", "lab.yaml", "-o", "out", "--effort", "quick")
    return directory


def run(directory: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    settings = {"cwd": directory, "capture_output": True, "text": True, "timeout": 120, "env": plain_environment()}
    return subprocess.run([sys.executable, "-m", "dqplan", *arguments], **{**settings, **options})  # type: ignore[call-overload,no-any-return]


READERS = {
    "profile": (["profile", "@", "--modules", "none", "--format", "json"], "bell.qasm"),
    "split": (["split", "@", "-H", "lab.yaml", "--effort", "quick", "-o", "-", "-q"], "bell.qasm"),
    "split -H": (["split", "bell.qasm", "-H", "@", "--effort", "quick", "-o", "-", "-q"], "lab.yaml"),
    "verify": (["verify", "out", "@"], "bell.qasm"),
    "hardware show": (["hardware", "show", "@"], "lab.yaml"),
    "hardware check": (["hardware", "check", "@"], "lab.yaml"),
    "hardware draw": (["hardware", "draw", "@"], "lab.yaml"),
    "merge": (["merge", "out", "@", "--format", "csv"], "shots.json"),
    "merge MODULE=": (["merge", "out", "m0=@", "m1=shots.json", "--format", "csv"], "shots.json"),
    "sweep": (["sweep", "@", "-o", "sweep", "--dry-run"], "spec.yaml"),
}


@pytest.mark.parametrize("command", READERS)
def test_standard_input_is_as_good_as_a_file(command: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, which has imported everything once."""
    arguments, file = READERS[command]
    text = (place / file).read_text(encoding="utf-8")
    monkeypatch.chdir(place)
    told = CliRunner().invoke(app, [argument.replace("@", file) for argument in arguments])
    piped = CliRunner().invoke(app, [argument.replace("@", "-") for argument in arguments], input=text)
    assert piped.exit_code == told.exit_code < 2
    assert nameless(piped.stdout) == nameless(told.stdout)


def nameless(text: str) -> str:
    """Without the names of files, which stand for what is read from them."""
    return re.sub(r"<stdin>|\b(stdin|bell|lab|shots)\b(\.\w+)?", "NAME", text)


def closed(directory: Path, words: str) -> subprocess.CompletedProcess[str]:
    """A command whose standard input does not exist."""
    script = f"exec {sys.executable} -m dqplan {words} <&-"
    return subprocess.run(
        ["sh", "-c", script], cwd=directory, capture_output=True, text=True, timeout=120, env=plain_environment()
    )


@pytest.mark.parametrize("command", ["split -H", "merge", "sweep"])
def test_standard_input_that_is_closed(command: str, place: Path) -> None:
    arguments, _ = READERS[command]
    words = " ".join(argument.replace("@", "-") for argument in arguments)
    done = closed(place, words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error[DQ101]: <stdin>: standard input is closed")


@pytest.mark.parametrize(
    "arguments",
    [
        ["profile", "-", "-"],
        ["merge", "out", "m0=-", "m1=-"],
        ["hardware", "check", "-", "-"],
        ["split", "-", "-H", "-"],
    ],
    ids=" ".join,
)
def test_standard_input_cannot_be_read_twice(
    arguments: list[str], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    done = CliRunner().invoke(app, arguments, input=BELL)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("error[DQ401]: ")


def test_the_page_of_a_report_on_standard_output(place: Path) -> None:
    done = run(place, "report", "out", "-o", "-")
    assert done.stdout.startswith("<!doctype html>") or done.stdout.startswith("<!DOCTYPE html>")


NAMES = ["teleport_3", "grover_2"]
CIRCUITS = [str(SAMPLES / f"{name}.qasm") for name in NAMES]


def test_ndjson_is_a_document_a_line_in_the_order_of_the_arguments(place: Path) -> None:
    command = ["profile", *CIRCUITS, "--modules", "none", "--format"]
    lines = run(place, *command, "ndjson").stdout.splitlines()
    assert [json.loads(line)["name"] for line in lines] == NAMES
    assert [json.loads(line) for line in lines] == json.loads(run(place, *command, "json").stdout)
    run(place, *command, "ndjson", "-o", "profiles.ndjson")
    assert (place / "profiles.ndjson").read_text(encoding="utf-8").splitlines() == lines


def test_what_is_done_before_a_mistake_is_printed(place: Path) -> None:
    """A line is printed as soon as its circuit is done; a file is written whole or not at all."""
    command = ["profile", CIRCUITS[1], "missing.qasm", "--modules", "none", "--format", "ndjson"]
    done = run(place, *command)
    assert done.returncode == 2
    assert json.loads(done.stdout)["name"] == "grover_2"
    assert done.stderr.startswith("error[DQ101]: missing.qasm: ")
    assert run(place, *command, "-o", "whole.ndjson").returncode == 2
    assert not (place / "whole.ndjson").exists()


def test_a_reader_that_takes_one_line(place: Path) -> None:
    """The program has a second line to write when its reader is gone."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dqplan", "profile", *CIRCUITS, "--modules", "none", "--format", "ndjson"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=place,
        env=plain_environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["name"] == "teleport_3"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 141
    process.stderr.close()


def test_ctrl_c_between_two_circuits(place: Path) -> None:
    """The second circuit is a pipe that nobody writes to."""
    os.mkfifo(place / "never.qasm")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "dqplan",
            "profile",
            CIRCUITS[1],
            "never.qasm",
            "--modules",
            "none",
            "--format",
            "ndjson",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=place,
        env=plain_environment(),
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["name"] == "grover_2"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (130, "", "interrupted\n")


WRITERS = [
    ["--help"],
    ["split", "--help"],
    ["--version"],
    ["explain"],
    ["profile", "bell.qasm", "--modules", "none"],
    ["report", "out"],
]


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", WRITERS, ids=" ".join)
def test_a_full_disk_behind_standard_output(arguments: list[str], place: Path) -> None:
    with FULL.open("w") as full:
        done = run(place, *arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.startswith("error[DQ402]: ")
    assert done.stderr.endswith("cannot be written: No space left on device\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", WRITERS[:3], ids=" ".join)
def test_a_reader_that_is_gone(arguments: list[str], place: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run(place, *arguments, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_error(place: Path) -> None:
    """Nobody can be told, but the exit status is that of the mistake."""
    with FULL.open("w") as full:
        done = run(place, "profile", "missing.qasm", capture_output=False, stdout=subprocess.PIPE, stderr=full)
    assert (done.returncode, done.stdout) == (2, "")


def test_the_module_has_the_name_of_the_command(dqplan: Run) -> None:
    assert dqplan("profile", "--help").stdout.startswith("Usage: dqplan profile ")
