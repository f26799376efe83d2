"""Every command that reads a file of its user, and what it must never do, whatever the file holds.

A case is a kind of file and its bytes. All commands that read this kind are run on it as in a shell, in this process
and in a directory of their own. They may accept it or refuse it with one clear error; anything else is a finding.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from tests.conftest import ROOT

SAMPLE = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q;\nbit[3] c;\nh q[0];\ncx q[0], q[1];\ncx q[1], q[2];\n'
MEASURED = f"{SAMPLE}c = measure q;\n"
LIMITED = """schema: dqplan.hardware/1
name: pair
modules:
- {name: a, count: 2, data: 2, comm: 2, coupling: line, native_gates: [cz, rz, sx], memory: 1, t1_s: 1, t2_s: 1,
   memory_lifetime_s: 9, one_qubit: {fidelity: 0.999, duration_s: 1e-7}, two_qubit: {fidelity: 0.99, duration_s: 1e-6},
   readout: {fidelity: 0.99, duration_s: 1e-6}, reset: {fidelity: 0.99, duration_s: 1e-6}}
links:
- {between: [a0, a1], type: ebit, ebit: {fidelity: 0.95, rate_hz: 1000, cutoff_s: 1}, latency_s: 1e-6}
"""
"""A network whose plans have all parts: native programs, a schedule, numbers with no source."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    args: tuple[str, ...]
    status: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Kind:
    """A kind of file: the commands that read it, each run on a copy of `prepared`, where the file is called `name`."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    prepared: Callable[[], Path] | None = None


_QUICK = ("--effort", "quick", "-q")


def _kinds() -> dict[str, Kind]:
    out = ("verify out", "report out -o page.html -q", "simulate out --shots 20 -q")
    circuit = (
        ("split", "{file}", "-H", "all:2x3+1", *_QUICK, "-o", "new", "--emit", "qasm2,stim"),
        ("profile", "{file}", "--modules", "2", "-q"),
    )
    hardware = (
        ("hardware", "check", "{file}"),
        ("hardware", "show", "{file}"),
        ("hardware", "show", "{file}", "--format", "yaml"),
        ("hardware", "draw", "{file}", "-o", "new.svg"),
        ("hardware", "draw", "{file}"),
        ("split", "sample.qasm", "-H", "{file}", *_QUICK, "-o", "new"),
    )
    sweep = (("sweep", "{file}", "--dry-run"),)
    merge = (("sweep", "--merge", "a", "b", "-o", "new", "--format", "csv"),)
    kinds = {
        "qasm": Kind("c.qasm", circuit),
        "cirq": Kind("c.json", circuit),
        "hardware": Kind("h.yaml", hardware),
        "network": Kind("h.json", hardware),
        "sweep": Kind("s.yaml", sweep),
        "results": Kind("m.json", (("merge", "out", "{file}"), ("merge", "out", "{file}", "--format", "csv")), written),
        "outcomes": Kind("a/outcomes.jsonl", merge, swept),
        "manifest": Kind("a/manifest.json", merge, swept),
    }
    calibrate = ("hardware", "calibrate", "pair.yaml", "--from", "{file}")
    checks = (("check", "--config", "{file}", *format_) for format_ in ((), ("--format", "sarif"), ("--format", "csv")))
    kinds |= {
        "budgets": Kind("dqplan.toml", tuple(checks), written),
        "calibration": Kind("c.csv", ((*calibrate, "-o", "new.yaml"), (*calibrate, "--format", "json")), written),
        "properties": Kind("h.json", (*hardware[:2], hardware[-1], (*calibrate, "--module", "a0")), written),
        "cuts.json": Kind("cut/cuts.json", (("verify", "cut"), ("merge", "cut", "cut.results.json")), cut),
    }
    readers = tuple(tuple(command.split()) for command in out)
    old = (("diff", "out", "base"), ("split", "measured.qasm", "-H", "pair.yaml", "--against", "out", *_QUICK))
    for part in ("plan.json", "joint.qasm", "a0.qasm", "schedule.json", "input.qasm", "joint.native.qasm"):
        kinds[part] = Kind(f"out/{part}", readers + (old if part == "plan.json" else ()), written)
    return kinds


@cache
def written() -> Path:
    """A directory with `out`, which has every file that `split` can write and that is read back."""
    folder = Path(mkdtemp(prefix="dqplan-fuzz-"))
    (folder / "measured.qasm").write_text(MEASURED, encoding="utf-8")
    (folder / "pair.yaml").write_text(LIMITED, encoding="utf-8")
    _run_apart(folder, "split", "measured.qasm", "-H", "pair.yaml", *_QUICK, "-o", "out")
    shutil.copytree(folder / "out", folder / "base")
    (folder / "sample.qasm").write_text(SAMPLE, encoding="utf-8")
    return folder


@cache
def cut() -> Path:
    """A directory with `cut`, a circuit that was cut, and results of all its subexperiments."""
    folder = Path(mkdtemp(prefix="dqplan-fuzz-"))
    (folder / "measured.qasm").write_text(MEASURED, encoding="utf-8")
    _run_apart(folder, "split", "measured.qasm", "-H", "line:2x2+0", "--max-overhead", "16", *_QUICK, "-o", "cut")
    islands = json.loads((folder / "cut" / "cuts.json").read_text(encoding="utf-8"))["islands"]
    results = {
        each["name"]: {f"{'0' * island['num_ends']} {'0' * len(island['clbits'])}": 5}
        for island in islands
        for each in island["subexperiments"]
    }
    (folder / "cut.results.json").write_text(json.dumps(results), encoding="utf-8")
    return folder


@cache
def swept() -> Path:
    """A directory with two directories of results of a sweep, `a` and `b`."""
    folder = Path(mkdtemp(prefix="dqplan-fuzz-"))
    (folder / "sample.qasm").write_text(SAMPLE, encoding="utf-8")
    text = "schema: dqplan.sweep/1\ncircuits: [sample.qasm]\nhardware: ['all:2x3']\noptions: {effort: quick}\n"
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    _run_apart(folder, "sweep", "s.yaml", "-o", "a", "--workers", "1", "-q")
    shutil.copytree(folder / "a", folder / "b")
    return folder


def _run_apart(folder: Path, *args: str) -> None:
    """Run a command in a process of its own: planning starts threads, which copies of this process would wait for."""
    command = [sys.executable, "-m", "dqplan", *args]
    subprocess.run(
        command, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )


KINDS = _kinds()


def run(args: tuple[str, ...], folder: Path) -> Outcome:
    """Run a command in this process, as from a shell whose working directory is `folder`."""
    from dqplan.cli.app import app

    out, err = io.StringIO(), io.StringIO()
    status = 0
    with _inside(folder), redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("always")
        try:
            app(args=list(args))
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    return Outcome(args, status, out.getvalue(), err.getvalue())


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


_BUG = 70
_ERROR = re.compile(r"^error\[DQ[0-9]{3}\]: \S", re.MULTILINE)
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORMULA = re.compile(r'(?:^|,)"?[=+@\t\r](?![0-9.])', re.MULTILINE)


def complaint(outcome: Outcome) -> str:
    """What is wrong about how a command ended; empty if nothing is."""
    said = outcome.stderr
    if outcome.status not in (0, 1, 2, 3):
        return f"status {outcome.status}"
    if "Traceback" in said and outcome.status < 2:
        return "a traceback"
    if outcome.status > 1 and len(_ERROR.findall(said)) != 1 and "check" not in outcome.args:
        return "not one error"
    if "Warning" in said:
        return "a warning of a library"
    if steering := _STEERING.search(outcome.stdout + said.replace("\t", "")):
        return f"a character that steers terminals: {steering[0]!a}"
    if "csv" in outcome.args and _FORMULA.search(outcome.stdout):
        return "a formula in CSV"
    return ""


def findings(kind: str, content: bytes, folder: Path) -> Iterator[tuple[Outcome, str]]:
    """Run every command that reads a kind of file in the empty `folder`; yields what is wrong, with its outcome."""
    about = KINDS[kind]
    for args in about.commands:
        place = folder / "work"
        _prepare(place, about, content)
        before = _listing(place)
        outcome = run(tuple(arg.format(file=about.name) for arg in args), place)
        wrong = complaint(outcome)
        if outcome.status == _BUG:
            outcome = run((*outcome.args, "--debug"), place)
        if not wrong and outcome.status in (2, 3) and _listing(place) != before:
            wrong = "something was written"
        if not wrong:
            wrong = _outside(folder, place)
        if wrong:
            yield outcome, wrong
        shutil.rmtree(place)


def _prepare(place: Path, about: Kind, content: bytes) -> None:
    if about.prepared is None:
        place.mkdir()
        (place / "sample.qasm").write_text(SAMPLE, encoding="utf-8")
    else:
        shutil.copytree(about.prepared(), place)
    (place / about.name).write_bytes(content)


def _listing(place: Path) -> list[str]:
    return sorted(str(path) for path in place.rglob("*"))


def _outside(folder: Path, place: Path) -> str:
    """Whether something stands beside the working directory, or in `new` below its first level."""
    strangers = [path.name for path in folder.iterdir() if path != place]
    strangers += [path.name for path in (place / "new").glob("*/*")] if (place / "new").is_dir() else []
    return f"written outside: {strangers}" if strangers else ""


def main() -> None:
    """`python -m tests.fuzz.commands KIND FILE`: run one case and say what is wrong; status 1 if anything is."""
    kind, file = sys.argv[1:]
    wrong = 0
    with TemporaryDirectory() as folder:
        for outcome, why in findings(kind, Path(file).read_bytes(), Path(folder)):
            wrong = 1
            print(f"{why}: dqplan {' '.join(outcome.args)}: status {outcome.status}\n{outcome.stderr[-3000:]}")
    raise SystemExit(wrong)


if __name__ == "__main__":
    main()
